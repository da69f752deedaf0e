/** How much each example counts in a training step: class weights, and the method's learned conditional weights. */
package io.eider.experiments.weighting;
