/** Residual networks, with the parameter names of torchvision. */
package io.eider.models.resnet;
