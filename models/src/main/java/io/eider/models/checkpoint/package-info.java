/**
 * Networks in files. A checkpoint is a safetensors file with the names and layouts of torchvision: what
 * {@code safetensors.torch.load_file} gives, less the names under {@code momentum/}, is a PyTorch state dict.
 */
package io.eider.models.checkpoint;
