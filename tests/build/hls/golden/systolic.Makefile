# systolic for Alveo U280 at 300 MHz.
#   make csim      compiles and runs the test bench: needs a C++ compiler only
#   make csyn      C synthesis            (v++, Vitis 2023.2 or later; older: STEP=csyn vitis_hls -f run.tcl)
#   make vcsim     the test bench with the vendor's headers, one process after the other
#   make cosim     RTL co-simulation      (vitis-run)
#   make xo        the kernel as an object to link
#   make xclbin    links it; TARGET=hw_emu or hw
#   make run       runs it on the card, or emulated with TARGET=hw_emu
CXX ?= g++
CXXFLAGS ?= -std=c++14 -O1 -ffp-contract=off -Wall -Wextra -Wno-unknown-pragmas -Wno-unused-label
TARGET ?= hw_emu
PLATFORM ?= xilinx_u280_gen3x16_xdma_1_202211_1
XILINX_XRT ?= /opt/xilinx/xrt

.PHONY: csim vcsim csyn cosim xo xclbin host run clean

csim: build/csim
	./build/csim

build/csim: kernel.h kernel.cpp processes.h tb.cpp $(wildcard csim/*)
	@mkdir -p build
	$(CXX) $(CXXFLAGS) -Icsim csim/csim.cpp -o $@

vcsim:
	vitis-run --mode hls --csim --config hls_config.cfg --work_dir work

csyn: work/csyn.done

work/csyn.done: kernel.h kernel.cpp processes.h hls_config.cfg
	v++ -c --mode hls --config hls_config.cfg --work_dir work
	@touch $@

cosim: work/csyn.done
	vitis-run --mode hls --cosim --config hls_config.cfg --work_dir work

xo: work/systolic.xo

work/systolic.xo: work/csyn.done
	vitis-run --mode hls --package --config hls_config.cfg --work_dir work

xclbin: build/$(TARGET)/systolic.xclbin

build/$(TARGET)/systolic.xclbin: work/systolic.xo link.cfg
	@mkdir -p build/$(TARGET)
	v++ -l -t $(TARGET) --platform $(PLATFORM) --config link.cfg --save-temps --temp_dir build/$(TARGET) -o build/$(TARGET)/systolic.xclbin work/systolic.xo

host: build/host

build/host: host.cpp
	@mkdir -p build
	$(CXX) -std=c++17 -O2 -I$(XILINX_XRT)/include host.cpp -o $@ -L$(XILINX_XRT)/lib -lxrt_coreutil -pthread

run: build/host build/$(TARGET)/systolic.xclbin
ifeq ($(TARGET),hw_emu)
	emconfigutil --platform $(PLATFORM) --od build
	XCL_EMULATION_MODE=hw_emu ./build/host build/hw_emu/systolic.xclbin
else
	./build/host build/hw/systolic.xclbin
endif

clean:
	rm -rf build work
