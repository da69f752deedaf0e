/**
 * Derivatives are graphs.
 *
 * <p>Reverse mode ({@link io.eider.engine.autodiff.Autodiff#gradients gradients}) walks from the outputs back and
 * applies each op's {@code vjp}; forward mode ({@link io.eider.engine.autodiff.Autodiff#jvp jvp}) walks from the inputs
 * on and applies each op's {@code jvp}. Both rules are written in ops, so what comes out is an ordinary graph that can
 * be differentiated again, to any order and in any mixture of modes. Nothing is recorded and nothing is mutated: a
 * contribution is added by an {@code Add} node, never in place.
 *
 * <p>The derivative of x·y at hand, to see the mechanism:
 *
 * <pre>{@code
 * Tensor x = Input.input("x", TensorType.f32());
 * Tensor y = x.times(x).times(x);                                // x³
 * Tensor first = Autodiff.gradients(y, List.of(x)).get(0);       // 3x²  (a graph)
 * Tensor second = Autodiff.gradients(first, List.of(x)).get(0);  // 6x   (reverse over reverse)
 * Tensor mixed = Autodiff.jvp(first, List.of(x), List.of(one));  // 6x   (forward over reverse)
 * }</pre>
 *
 * <p>The x's are independent variables: a path from one x through another is not followed, in either mode. That is
 * what makes {@code gradients(dev, ahead)} the gradient <em>at</em> the look-ahead parameters, although these are
 * themselves computed from θ, while {@code gradients(dev, eps)} goes through them.
 */
package io.eider.engine.autodiff;
