# A device for tests on machines that have none: CUDA's libraries on host memory, with the emulated kernels.
#   make standin        libcudart.so.13, libcuda.so.1, libcublas.so.13, libcublasLt.so.13, libcudnn_*.so.9 and
#                       libeidercuda.so, in $(OUT)/standin
#   make standin-test   runs the tests of these, which call them as a program would
STANDIN      := src/test/cpp/standin
STANDIN_OUT  := $(OUT)/standin
STANDIN_OBJ  := $(STANDIN_OUT)/objects
STANDIN_FLAGS := $(filter-out -fopenmp -fvisibility=hidden,$(COMMON)) -Isrc/test/cpp

# Each library's own objects, and the stand-in's libraries that it calls.
libcudart.so.13_OBJECTS      := control device_memory pinned_memory device cudart_device cudart_errors cudart_memory \
                                cudart_stream cudart_event cudart_graph cudart_kernels
libcuda.so.1_OBJECTS         :=
libcublasLt.so.13_OBJECTS    :=
libcublas.so.13_OBJECTS      := cublas
libcudnn_graph.so.9_OBJECTS  := cudnn_graph
libcudnn_ops.so.9_OBJECTS    := cudnn_ops
libcudnn_cnn.so.9_OBJECTS    := cudnn_cnn cudnn_algorithms operation convolution algorithms
libcudnn_adv.so.9_OBJECTS    :=
libcublas.so.13_NEEDS        := libcudart.so.13
libcudnn_graph.so.9_NEEDS    := libcudart.so.13
libcudnn_ops.so.9_NEEDS      := libcudnn_graph.so.9 libcudart.so.13
libcudnn_cnn.so.9_NEEDS      := libcudnn_graph.so.9 libcudart.so.13

STANDIN_SONAMES := libcudart.so.13 libcuda.so.1 libcublasLt.so.13 libcublas.so.13 \
                   libcudnn_graph.so.9 libcudnn_ops.so.9 libcudnn_cnn.so.9 libcudnn_adv.so.9
STANDIN_LIBRARIES := $(STANDIN_SONAMES:%=$(STANDIN_OUT)/%) $(STANDIN_OUT)/libeidercuda.so
STANDIN_TESTS     := $(patsubst $(STANDIN)/%.cpp,$(STANDIN_OUT)/%,$(wildcard $(STANDIN)/*_test.cpp))

.PHONY: standin standin-test
standin:
	@$(MAKE) --no-print-directory -j$$(nproc) $(STANDIN_LIBRARIES)

standin-test: standin
	@$(MAKE) --no-print-directory -j$$(nproc) $(STANDIN_TESTS)
	@$(MAKE) --no-print-directory $(STANDIN_TESTS:=.passed)

$(STANDIN_OBJ)/%.o: $(STANDIN)/%.cpp Makefile standin.mk
	@mkdir -p $(@D)
	$(CXX) $(STANDIN_FLAGS) -O3 -c $< -o $@

# As the emulator is seen by the kernels' own objects.
$(STANDIN_OBJ)/emulated_launches.o: $(STANDIN)/emulated_launches.cpp Makefile standin.mk
	@mkdir -p $(@D)
	$(CXX) $(EMULATED) $(FLAGS_plain) -c $< -o $@

# The presets import every symbol with its library's name as version.
define STANDIN_LIBRARY
$(STANDIN_OBJ)/$(1).stubs.c: $($(1)_OBJECTS:%=$(STANDIN_OBJ)/%.o) $(STANDIN)/imports.txt $(STANDIN)/stubs.awk
	@mkdir -p $$(@D)
	@$(if $($(1)_OBJECTS),nm --defined-only $$(filter %.o,$$^),true) | awk -v library=$(1) -f $(STANDIN)/stubs.awk - $(STANDIN)/imports.txt >$$@

$(STANDIN_OUT)/$(1): $(STANDIN_OBJ)/$(1).stubs.c $($(1)_OBJECTS:%=$(STANDIN_OBJ)/%.o) $($(1)_NEEDS:%=$(STANDIN_OUT)/%)
	@printf '%s { global: *; };\n' $(1) >$(STANDIN_OBJ)/$(1).map
	$(CC) -fPIC -w -c $$< -o $(STANDIN_OBJ)/$(1).stubs.o
	$(CXX) -shared -Wl,-soname,$(1) -Wl,--version-script=$(STANDIN_OBJ)/$(1).map -Wl,--no-undefined \
	  -Wl,-rpath,'$$$$ORIGIN' $(STANDIN_OBJ)/$(1).stubs.o $$(filter %.o,$$^) $($(1)_NEEDS:%=$(STANDIN_OUT)/%) -o $$@
endef
$(foreach soname,$(STANDIN_SONAMES),$(eval $(call STANDIN_LIBRARY,$(soname))))

$(STANDIN_OUT)/libeidercuda.so: $(CUDA_SOURCES:$(CPP)/cuda/%.cu=$(CUDA_OUT)/plain/%.o) \
                                $(STANDIN_OBJ)/emulated_launches.o $(STANDIN_OUT)/libcudart.so.13
	$(CXX) -shared -Wl,-soname,libeidercuda.so -Wl,--no-undefined -Wl,-rpath,'$$ORIGIN' $^ -o $@

$(STANDIN_OUT)/%_test: $(STANDIN)/%_test.cpp $(STANDIN_LIBRARIES) $(OBJECTS) Makefile standin.mk
	@mkdir -p $(@D)
	$(CXX) $(STANDIN_FLAGS) -O2 -g1 -fopenmp $< $(filter %.so %.so.9 %.so.13,$^) $(OBJECTS) -Wl,-rpath,'$$ORIGIN' -o $@

# Has kernels of its own.
$(STANDIN_OUT)/kernel_test: $(STANDIN)/kernel_test.cpp $(STANDIN_LIBRARIES) $(OBJECTS) $(STANDIN_OBJ)/emulated_launches.o
	@mkdir -p $(@D)
	$(CXX) $(EMULATED) $(FLAGS_plain) -fopenmp $< -x none $(filter %.so %.so.13 %.o,$^) -Wl,-rpath,'$$ORIGIN' -o $@

$(STANDIN_OUT)/%_test.passed: $(STANDIN_OUT)/%_test
	@echo "stand-in test $*_test"
	@OMP_NUM_THREADS=1 $<
	@touch $@

-include $(wildcard $(STANDIN_OBJ)/*.d) $(STANDIN_TESTS:=.d)
