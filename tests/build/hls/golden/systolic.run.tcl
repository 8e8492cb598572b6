# systolic for Alveo U280, with older tools: STEP=csyn vitis_hls -f run.tcl
# STEP is csim, csyn, cosim (after csyn) or xo (after csyn).
set step [expr {[info exists ::env(STEP)] ? $::env(STEP) : "csyn"}]
if {$step in {cosim xo}} {
    open_project work
    set_top systolic
    open_solution hls
} else {
    open_project -reset work
    set_top systolic
    add_files kernel.cpp -cflags "-std=c++14"
    add_files -tb tb.cpp -cflags "-std=c++14"
    add_files -tb data
    open_solution -flow_target vitis hls
    set_part xcu280-fsvh2892-2L-e
    create_clock -period 3.333 -name default
    set_clock_uncertainty 27%
    # Loops are pipelined as their pragmas say, and no others.
    config_compile -pipeline_loops 0
}
switch $step {
    csim    { csim_design }
    csyn    { csynth_design }
    cosim   { cosim_design -rtl verilog }
    xo      { export_design -format xo -output work/systolic.xo }
    default { puts stderr "no step $step: csim, csyn, cosim or xo"; exit 1 }
}
exit
