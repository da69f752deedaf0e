package io.eider.natives.presets;

import org.bytedeco.javacpp.annotation.NoException;
import org.bytedeco.javacpp.annotation.Platform;
import org.bytedeco.javacpp.annotation.Properties;
import org.bytedeco.javacpp.tools.Info;
import org.bytedeco.javacpp.tools.InfoMap;
import org.bytedeco.javacpp.tools.InfoMapper;

/** How {@code abi.h} becomes the class {@code io.eider.natives.Kernels}. */
@Properties(value = @Platform(include = "abi.h", link = "eider"), target = "io.eider.natives.Kernels")
@NoException
public class KernelsPreset implements InfoMapper {
    /** Used by the generator and the generated class. */
    public KernelsPreset() {}

    @Override
    public void map(InfoMap infoMap) {
        infoMap.put(new Info("EIDER_API").cppTypes().annotations());
        // Only pointers: the default overloads for arrays and buffers would pin or copy behind the caller's back, and a
        // null argument would be ambiguous between them.
        infoMap.put(new Info("float").valueTypes("float").pointerTypes("FloatPointer"));
        infoMap.put(new Info("double").valueTypes("double").pointerTypes("DoublePointer"));
        infoMap.put(new Info("int").valueTypes("int").pointerTypes("IntPointer"));
        infoMap.put(new Info("int32_t").cast().valueTypes("int").pointerTypes("IntPointer"));
        infoMap.put(new Info("int64_t").cast().valueTypes("long").pointerTypes("LongPointer"));
        infoMap.put(new Info("uint8_t").cast().valueTypes("byte").pointerTypes("BytePointer"));
        infoMap.put(new Info("uint16_t").cast().valueTypes("short").pointerTypes("ShortPointer"));
        infoMap.put(new Info("const char").valueTypes("byte").pointerTypes("@Cast(\"const char*\") BytePointer"));
    }
}
