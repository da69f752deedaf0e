package io.eider.natives.presets;

import org.bytedeco.javacpp.annotation.NoException;
import org.bytedeco.javacpp.annotation.Platform;
import org.bytedeco.javacpp.annotation.Properties;
import org.bytedeco.javacpp.tools.Info;
import org.bytedeco.javacpp.tools.InfoMap;
import org.bytedeco.javacpp.tools.InfoMapper;

/** How {@code cuda_abi.h} becomes the class {@code io.eider.natives.CudaKernels}. */
@Properties(value = @Platform(include = "cuda_abi.h", link = "eidercuda"), target = "io.eider.natives.CudaKernels")
@NoException
public class CudaKernelsPreset implements InfoMapper {
    /** Used by the generator and the generated class. */
    public CudaKernelsPreset() {}

    @Override
    public void map(InfoMap infoMap) {
        new KernelsPreset().map(infoMap);
        infoMap.put(new Info("uint64_t").cast().valueTypes("long").pointerTypes("LongPointer"));
    }
}
