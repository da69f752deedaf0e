/** Networks as pure functions of their parameters, optimisers, schedules and checkpoints. */
package io.eider.models;
