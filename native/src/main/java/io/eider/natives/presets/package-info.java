/** What the binding generator reads; nothing here is used at run time except by the generated class. */
package io.eider.natives.presets;
