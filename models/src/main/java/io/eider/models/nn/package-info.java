/**
 * Networks as pure functions of named values. {@link io.eider.models.nn.Params} and {@link io.eider.models.nn.State} are
 * immutable sets of tensors; a {@link io.eider.models.nn.Network} maps them and a batch to logits and new state; layers
 * are records that know their names, their parameters and their formula. {@link io.eider.models.nn.Variables} is where
 * the numbers of one network live between steps.
 */
package io.eider.models.nn;
