/**
 * Networks in files. A checkpoint is a safetensors file with the names and layouts of torchvision, so that PyTorch reads
 * it with {@code safetensors.torch.load_file} and {@code load_state_dict}.
 */
package io.eider.models.checkpoint;
