# The CUDA kernels.
#   make cuda          libeidercuda.so: by nvcc, machine code for every architecture below and PTX for later ones; without
#                      nvcc by g++ from the same sources, run by the host emulator; what nvcc made is tested as far as
#                      it goes without a device
#   make cuda-test     every kernel in the emulator, plain and under three sanitizers
#   make cuda-ptx      the same tests, with what nvcc made of the kernels run in their place
#   make cuda-mutants  plants defects in the kernels, each of which the tests must notice
#   make cuda-budget   writes cuda/budget.tsv anew: what make cuda holds every kernel's registers against
CUDA_SOURCES := $(wildcard $(CPP)/cuda/*.cu)
CUDA_TESTS   := $(wildcard src/test/cpp/cuda/*_test.cpp)
CUDA_OUT     := $(OUT)/cuda

.PHONY: cuda cuda-test cuda-ptx cuda-mutants cuda-budget
cuda: $(OUT)/libeidercuda.so

# ---- by nvcc ----

NVCC          ?= $(firstword $(shell command -v nvcc) $(wildcard /usr/local/cuda/bin/nvcc))
ARCHITECTURES := 75 80 86 89 90 100 120
GENERATE      := $(foreach a,$(ARCHITECTURES),-gencode arch=compute_$(a),code=sm_$(a)) \
                 -gencode arch=compute_$(lastword $(ARCHITECTURES)),code=compute_$(lastword $(ARCHITECTURES))
# No contraction, as on the CPU: a fused multiply-add is written where it is meant. The kernels' bits are then the
# emulator's.
NVCC_FLAGS    := -std=c++17 -O3 -fmad=false -t 2 -Werror all-warnings -Xcompiler -fPIC,-fvisibility=hidden,-Wall,-Wextra \
                 -DEIDER_CUDA_ARCHITECTURES='"$(ARCHITECTURES:%=sm_%)"' -I$(CPP) $(GENERATE)
NVCC_OBJECTS  := $(CUDA_SOURCES:$(CPP)/cuda/%.cu=$(CUDA_OUT)/nvcc/%.o)

# What ptxas says of a kernel's registers and spills is kept beside the object.
$(CUDA_OUT)/nvcc/%.o: $(CPP)/cuda/%.cu Makefile cuda.mk
	@mkdir -p $(@D)
	$(NVCC) $(NVCC_FLAGS) -Xptxas -v -MMD -MP -MF $(@:.o=.d) -MT $@ -c $< -o $@ >$(@:.o=.log) 2>&1 || { cat $(@:.o=.log); exit 1; }

# ---- by g++, for the emulator ----

EMULATED   = $(filter-out -fopenmp,$(COMMON)) -x c++ -Isrc/test/cpp $(PLANTED)
FLAGS_plain := -O2
FLAGS_asan  := -O1 -g1 -fno-var-tracking -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all
FLAGS_tsan  := -O1 -g1 -fno-var-tracking -fsanitize=thread
MODES       := plain asan tsan
# How far back the other stack of a race is known, not what races are found.
export TSAN_OPTIONS += history_size=0

define CUDA_MODE
$(CUDA_OUT)/$(1)/%.o: $(CPP)/cuda/%.cu Makefile cuda.mk
	@mkdir -p $$(@D)
	$$(CXX) $$(EMULATED) $$(FLAGS_$(1)) -c $$< -o $$@

$(CUDA_OUT)/$(1)/%_test.o: src/test/cpp/cuda/%_test.cpp Makefile cuda.mk
	@mkdir -p $$(@D)
	$$(CXX) $$(EMULATED) $$(FLAGS_$(1)) -c $$< -o $$@

# Under a sanitizer g++ warns of its own <regex>.
$(CUDA_OUT)/$(1)/substitute.o: src/test/cpp/cuda/ptx/substitute.cpp Makefile cuda.mk
	@mkdir -p $$(@D)
	$$(CXX) $$(EMULATED) $$(FLAGS_$(1)) -Wno-maybe-uninitialized -c $$< -o $$@

# The CPU's kernels are what some tests compare with; they are not under test here, and carry no sanitizer.
$(CUDA_OUT)/$(1)/%_test: $(CUDA_OUT)/$(1)/%_test.o $(CUDA_OUT)/$(1)/substitute.o $(CUDA_SOURCES:$(CPP)/cuda/%.cu=$(CUDA_OUT)/$(1)/%.o) $(OBJECTS)
	$$(CXX) $$(FLAGS_$(1)) -fopenmp $$^ -o $$@

$(CUDA_OUT)/$(1)/%_test.passed: $(CUDA_OUT)/$(1)/%_test
	@echo "CUDA test $$*_test, $(1)"
	@OMP_NUM_THREADS=1 $$<
	@touch $$@
endef
$(foreach mode,$(MODES),$(eval $(call CUDA_MODE,$(mode))))

CUDA_BINARIES := $(foreach mode,$(MODES),$(CUDA_TESTS:src/test/cpp/cuda/%.cpp=$(CUDA_OUT)/$(mode)/%))
cuda-test:
	@$(MAKE) --no-print-directory -j$$(nproc) $(CUDA_BINARIES)
	@$(MAKE) --no-print-directory -j$$(nproc) $(CUDA_BINARIES:=.passed)

# ---- nvcc's PTX of the oldest architecture and of the newest, in place of g++'s kernels ----

PTX_ARCHITECTURES := $(firstword $(ARCHITECTURES)) $(lastword $(ARCHITECTURES))
PTX_TESTS := $(filter-out emulator,$(CUDA_TESTS:src/test/cpp/cuda/%_test.cpp=%))
PTX_FLAGS := -std=c++17 -O3 -fmad=false -DEIDER_CUDA_ARCHITECTURES='""' -I$(CPP)

define PTX
$(CUDA_OUT)/ptx/$(1)/%.ptx: $(CPP)/cuda/%.cu Makefile cuda.mk
	@mkdir -p $$(@D)
	$(NVCC) $(PTX_FLAGS) -arch=compute_$(1) -ptx -MMD -MP -MF $$(@:.ptx=.d) -MT $$@ $$< -o $$@

$(CUDA_OUT)/ptx/$(1)/%_test.ran: $(CUDA_OUT)/plain/%_test $(CUDA_SOURCES:$(CPP)/cuda/%.cu=$(CUDA_OUT)/ptx/$(1)/%.ptx)
	@echo "CUDA test $$*_test, PTX of compute_$(1)"
	@EIDER_PTX=$$(@D) OMP_NUM_THREADS=1 $$<

# Every kernel has run, but those for boxes of more than 2^32 elements, the same templates with wider indices: nobody
# could wait for them.
$(CUDA_OUT)/ptx/$(1)/all.passed: $(PTX_TESTS:%=$(CUDA_OUT)/ptx/$(1)/%_test.ran)
	@sed -n 's/^\(.visible \)*.entry \([^(]*\)(.*/\2/p' $$(@D)/*.ptx | c++filt | grep -v '[< ]long>' | \
	  sort >$$(@D)/kernels
	@sort -u $$^ | comm -3 $$(@D)/kernels - >$$(@D)/missed
	@test ! -s $$(@D)/missed || { echo "did not run:"; cat $$(@D)/missed; exit 1; }
	@echo "$$$$(wc -l <$$(@D)/kernels) kernels ran as PTX of compute_$(1)"
	@touch $$@
endef
$(foreach architecture,$(PTX_ARCHITECTURES),$(eval $(call PTX,$(architecture))))

cuda-ptx:
	@$(MAKE) --no-print-directory -j$$(nproc) $(PTX_ARCHITECTURES:%=$(CUDA_OUT)/ptx/%/all.passed)

# ---- what else is held against it ----

BUDGET := $(CPP)/cuda/budget.tsv
LOGS    = cat $(NVCC_OBJECTS:.o=.log) | c++filt

cuda-budget: $(NVCC_OBJECTS)
	$(LOGS) | awk -f cuda_budget.awk -v write=1 - >$(BUDGET)

$(CUDA_OUT)/nvcc/budget.passed: $(NVCC_OBJECTS) $(BUDGET) cuda_budget.awk
	@$(LOGS) | awk -f cuda_budget.awk $(BUDGET) -
	@touch $@

cuda-mutants: $(OBJECTS)
	@python3 src/test/cpp/cuda/mutants.py --make "$(MAKE)" --out $(OUT)/mutants $(OBJECTS)

# Every function that the interface names, and nothing else, is what the library offers.
$(CUDA_OUT)/nvcc/functions.inc: $(CPP)/cuda_abi.h $(OUT)/libeidercuda.so cuda.mk
	@sed -n 's/^EIDER_API .*\(eider_cuda_[a-z0-9_]*\)(.*/EIDER_FUNCTION(\1)/p' $< | sort >$@.named
	@nm -D --defined-only $(OUT)/libeidercuda.so | sed -n 's/.* T \(eider_.*\)/EIDER_FUNCTION(\1)/p' | sort | diff $@.named -
	@mv $@.named $@

# With CUDA's own runtime, where nvcc's is.
RUNTIME_FOLDERS = $(filter-out %/stubs,$(shell $(NVCC) --dryrun none.cu 2>&1 | sed -n 's/.* LIBRARIES=//p' | tr -d '"'))
$(CUDA_OUT)/nvcc/library_test: src/test/cpp/cuda/nvcc/library_test.cpp $(CUDA_OUT)/nvcc/functions.inc $(OUT)/libeidercuda.so $(OBJECTS)
	$(CXX) $(COMMON) -Isrc/test/cpp -I$(@D) -O1 $< $(OUT)/libeidercuda.so $(OBJECTS) $(RUNTIME_FOLDERS) -lcudart \
	  -Wl,-rpath,$(abspath $(OUT)) $(RUNTIME_FOLDERS:-L%=-Wl,-rpath,%) -o $@

$(CUDA_OUT)/nvcc/library_test.passed: $(CUDA_OUT)/nvcc/library_test
	@echo "CUDA test of nvcc's library"
	@CUDA_VISIBLE_DEVICES= $<
	@touch $@

ifneq ($(NVCC),)
cuda: $(CUDA_OUT)/nvcc/library_test.passed
$(OUT)/libeidercuda.so: $(NVCC_OBJECTS) $(CUDA_OUT)/nvcc/budget.passed
	$(NVCC) -shared -cudart shared -Xlinker -soname,libeidercuda.so,--no-undefined $(NVCC_OBJECTS) -o $@
else
$(OUT)/libeidercuda.so: $(CUDA_SOURCES:$(CPP)/cuda/%.cu=$(CUDA_OUT)/plain/%.o)
	@echo "no nvcc: the CUDA kernels are built for the host emulator"
	$(CXX) -shared -Wl,-soname,libeidercuda.so -Wl,--no-undefined $^ -o $@
endif

-include $(wildcard $(CUDA_OUT)/*/*.d $(CUDA_OUT)/ptx/*/*.d)
