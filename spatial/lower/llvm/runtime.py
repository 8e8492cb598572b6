"""How actors take turns, in the LLVM dialect: the queue of those that can go on, faults, marks on shared memory.

The enumerations of `layout` number the fields of the structures.
"""

__all__ = ["RUNTIME", "TYPES"]

TYPES = """!channel = !llvm.struct<(i64, i64, i64, i64, i64, i64, ptr, ptr, ptr, i64, i64, i64)>
!slot = !llvm.struct<(i64, i64, i64, i64)>
!actor = !llvm.struct<(ptr, i64, i64, i64, i64, i64, i64, i64)>
!run = !llvm.struct<(ptr, i64, i64, i64, i64, i64, i64, i64, i64, i64, i64, i64, i64, ptr, i64)>
"""

RUNTIME = """// Whoever waits here goes to the end of the queue.
llvm.func internal @df_wake(%run: !llvm.ptr, %waits_at: !llvm.ptr) attributes {passthrough = ["alwaysinline"]} {
  %none = llvm.mlir.zero : !llvm.ptr
  %waits = llvm.load %waits_at : !llvm.ptr -> !llvm.ptr
  %someone = llvm.icmp "ne" %waits, %none : !llvm.ptr
  llvm.cond_br %someone, ^wake, ^done
^wake:
  llvm.store %none, %waits_at : !llvm.ptr, !llvm.ptr
  llvm.call @df_queue(%run, %waits) : (!llvm.ptr, !llvm.ptr) -> ()
  llvm.br ^done
^done:
  llvm.return
}

// Puts an actor into the queue, unless it is in it.
llvm.func internal @df_queue(%run: !llvm.ptr, %actor: !llvm.ptr) {
  %zero = llvm.mlir.constant(0 : i64) : i64
  %one = llvm.mlir.constant(1 : i64) : i64
  %queued_at = llvm.getelementptr %actor[0, 2] : (!llvm.ptr) -> !llvm.ptr, !actor
  %queued = llvm.load %queued_at : !llvm.ptr -> i64
  %is_out = llvm.icmp "eq" %queued, %zero : i64
  llvm.cond_br %is_out, ^put, ^done
^put:
  llvm.store %one, %queued_at : i64, !llvm.ptr
  %tail_at = llvm.getelementptr %run[0, 2] : (!llvm.ptr) -> !llvm.ptr, !run
  %mask_at = llvm.getelementptr %run[0, 3] : (!llvm.ptr) -> !llvm.ptr, !run
  %queue = llvm.load %run : !llvm.ptr -> !llvm.ptr
  %tail = llvm.load %tail_at : !llvm.ptr -> i64
  %mask = llvm.load %mask_at : !llvm.ptr -> i64
  %place = llvm.and %tail, %mask : i64
  %at = llvm.getelementptr %queue[%place] : (!llvm.ptr, i64) -> !llvm.ptr, !llvm.ptr
  llvm.store %actor, %at : !llvm.ptr, !llvm.ptr
  %next = llvm.add %tail, %one : i64
  llvm.store %next, %tail_at : i64, !llvm.ptr
  llvm.br ^done
^done:
  llvm.return
}

// An actor waits at an end of a channel; that the run ends before what it waits for is noted.
llvm.func internal @df_wait(%run: !llvm.ptr, %actor: !llvm.ptr, %at: !llvm.ptr, %ready: i64) {
  %never = llvm.mlir.constant(9223372036854775807 : i64) : i64
  %one = llvm.mlir.constant(1 : i64) : i64
  llvm.store %actor, %at : !llvm.ptr, !llvm.ptr
  %known = llvm.icmp "slt" %ready, %never : i64
  llvm.cond_br %known, ^cut, ^done
^cut:
  %cut_at = llvm.getelementptr %run[0, 12] : (!llvm.ptr) -> !llvm.ptr, !run
  llvm.store %one, %cut_at : i64, !llvm.ptr
  llvm.br ^done
^done:
  llvm.return
}

// Notes that an iteration has waited; before the log overflows it is read.
llvm.func internal @df_stall(%run: !llvm.ptr, %actor: !llvm.ptr, %puts: i64, %from: i64, %to: i64) {
  %zero = llvm.mlir.constant(0 : i64) : i64
  %one = llvm.mlir.constant(1 : i64) : i64
  %many = llvm.mlir.constant(32768 : i64) : i64
  %long = llvm.icmp "slt" %from, %to : i64
  llvm.cond_br %long, ^note, ^done
^note:
  %log_at = llvm.getelementptr %run[0, 13] : (!llvm.ptr) -> !llvm.ptr, !run
  %count_at = llvm.getelementptr %run[0, 14] : (!llvm.ptr) -> !llvm.ptr, !run
  %number_at = llvm.getelementptr %actor[0, 7] : (!llvm.ptr) -> !llvm.ptr, !actor
  %log = llvm.load %log_at : !llvm.ptr -> !llvm.ptr
  %count = llvm.load %count_at : !llvm.ptr -> i64
  %number = llvm.load %number_at : !llvm.ptr -> i64
  %entry = llvm.getelementptr %log[%count] : (!llvm.ptr, i64) -> !llvm.ptr, !slot
  %puts_at = llvm.getelementptr %entry[0, 1] : (!llvm.ptr) -> !llvm.ptr, !slot
  %from_at = llvm.getelementptr %entry[0, 2] : (!llvm.ptr) -> !llvm.ptr, !slot
  %to_at = llvm.getelementptr %entry[0, 3] : (!llvm.ptr) -> !llvm.ptr, !slot
  llvm.store %number, %entry : i64, !llvm.ptr
  llvm.store %puts, %puts_at : i64, !llvm.ptr
  llvm.store %from, %from_at : i64, !llvm.ptr
  llvm.store %to, %to_at : i64, !llvm.ptr
  %next = llvm.add %count, %one : i64
  llvm.store %next, %count_at : i64, !llvm.ptr
  %due = llvm.icmp "sge" %next, %many : i64
  llvm.cond_br %due, ^read, ^done
^read:
  %budget_at = llvm.getelementptr %run[0, 4] : (!llvm.ptr) -> !llvm.ptr, !run
  llvm.store %zero, %budget_at : i64, !llvm.ptr
  llvm.br ^done
^done:
  llvm.return
}

// An actor stops of its own accord; it goes on later if it has time left.
llvm.func internal @df_pause(%run: !llvm.ptr, %actor: !llvm.ptr, %later: i1) {
  %one = llvm.mlir.constant(1 : i64) : i64
  llvm.cond_br %later, ^queue, ^cut
^queue:
  llvm.call @df_queue(%run, %actor) : (!llvm.ptr, !llvm.ptr) -> ()
  llvm.br ^done
^cut:
  %cut_at = llvm.getelementptr %run[0, 12] : (!llvm.ptr) -> !llvm.ptr, !run
  llvm.store %one, %cut_at : i64, !llvm.ptr
  llvm.br ^done
^done:
  llvm.return
}

// Keeps a fault if none is known of an earlier cycle; what comes later need not be run.
llvm.func internal @df_fault(%run: !llvm.ptr, %actor: !llvm.ptr, %t: i64, %site: i64, %value: i64) {
  %number_at = llvm.getelementptr %actor[0, 7] : (!llvm.ptr) -> !llvm.ptr, !actor
  %number = llvm.load %number_at : !llvm.ptr -> i64
  %actor_at = llvm.getelementptr %run[0, 6] : (!llvm.ptr) -> !llvm.ptr, !run
  %cycle_at = llvm.getelementptr %run[0, 7] : (!llvm.ptr) -> !llvm.ptr, !run
  %site_at = llvm.getelementptr %run[0, 8] : (!llvm.ptr) -> !llvm.ptr, !run
  %value_at = llvm.getelementptr %run[0, 9] : (!llvm.ptr) -> !llvm.ptr, !run
  %limit_at = llvm.getelementptr %run[0, 5] : (!llvm.ptr) -> !llvm.ptr, !run
  %known = llvm.load %cycle_at : !llvm.ptr -> i64
  %known_number = llvm.load %actor_at : !llvm.ptr -> i64
  %sooner = llvm.icmp "slt" %t, %known : i64
  %same = llvm.icmp "eq" %t, %known : i64
  %ahead = llvm.icmp "slt" %number, %known_number : i64
  %first = llvm.and %same, %ahead : i1
  %keeps = llvm.or %sooner, %first : i1
  llvm.cond_br %keeps, ^keep, ^done
^keep:
  llvm.store %number, %actor_at : i64, !llvm.ptr
  llvm.store %t, %cycle_at : i64, !llvm.ptr
  llvm.store %site, %site_at : i64, !llvm.ptr
  llvm.store %value, %value_at : i64, !llvm.ptr
  %one = llvm.mlir.constant(1 : i64) : i64
  %behind = llvm.add %t, %one : i64
  %limit = llvm.load %limit_at : !llvm.ptr -> i64
  %least = llvm.intr.smin(%limit, %behind) : (i64, i64) -> i64
  llvm.store %least, %limit_at : i64, !llvm.ptr
  llvm.br ^done
^done:
  llvm.return
}

// What an actor leaves on an element of memory that several touch: 4 n + 1 where it has read it, 4 n + 2 where it
// has written it. An untouched element has 0, one that several have read 3.
llvm.func internal @df_mark(%actor: !llvm.ptr, %kind: i64) -> i64 attributes {passthrough = ["alwaysinline"]} {
  %four = llvm.mlir.constant(4 : i64) : i64
  %number_at = llvm.getelementptr %actor[0, 7] : (!llvm.ptr) -> !llvm.ptr, !actor
  %number = llvm.load %number_at : !llvm.ptr -> i64
  %place = llvm.mul %number, %four : i64
  %base = llvm.add %place, %four : i64
  %mark = llvm.add %base, %kind : i64
  llvm.return %mark : i64
}

// Notes a read of an element; the answer is whether no other actor has written it.
llvm.func internal @df_reads(%shadow: !llvm.ptr, %actor: !llvm.ptr) -> i1 {
  %zero = llvm.mlir.constant(0 : i64) : i64
  %one = llvm.mlir.constant(1 : i64) : i64
  %two = llvm.mlir.constant(2 : i64) : i64
  %several = llvm.mlir.constant(3 : i64) : i64
  %old = llvm.load %shadow : !llvm.ptr -> i64
  %read = llvm.call @df_mark(%actor, %one) : (!llvm.ptr, i64) -> i64
  %written = llvm.call @df_mark(%actor, %two) : (!llvm.ptr, i64) -> i64
  %is_none = llvm.icmp "eq" %old, %zero : i64
  %is_read = llvm.icmp "eq" %old, %read : i64
  %is_written = llvm.icmp "eq" %old, %written : i64
  %fresh = llvm.or %is_none, %is_read : i1
  %others = llvm.select %fresh, %read, %several : i1, i64
  %new = llvm.select %is_written, %written, %others : i1, i64
  %kind = llvm.and %old, %several : i64
  %foreign = llvm.icmp "eq" %kind, %two : i64
  %other = llvm.icmp "ne" %old, %written : i64
  %conflict = llvm.and %foreign, %other : i1
  %true = llvm.mlir.constant(true) : i1
  %fine = llvm.xor %conflict, %true : i1
  llvm.store %new, %shadow : i64, !llvm.ptr
  llvm.return %fine : i1
}

// Notes a write of an element; the answer is whether no other actor has touched it.
llvm.func internal @df_writes(%shadow: !llvm.ptr, %actor: !llvm.ptr) -> i1 {
  %zero = llvm.mlir.constant(0 : i64) : i64
  %one = llvm.mlir.constant(1 : i64) : i64
  %two = llvm.mlir.constant(2 : i64) : i64
  %old = llvm.load %shadow : !llvm.ptr -> i64
  %read = llvm.call @df_mark(%actor, %one) : (!llvm.ptr, i64) -> i64
  %written = llvm.call @df_mark(%actor, %two) : (!llvm.ptr, i64) -> i64
  %is_none = llvm.icmp "eq" %old, %zero : i64
  %is_read = llvm.icmp "eq" %old, %read : i64
  %is_written = llvm.icmp "eq" %old, %written : i64
  %own = llvm.or %is_read, %is_written : i1
  %fine = llvm.or %own, %is_none : i1
  llvm.store %written, %shadow : i64, !llvm.ptr
  llvm.return %fine : i1
}

// Ends the run: its accesses to shared memory must be ordered by tokens, which is not watched here.
llvm.func internal @df_shared(%run: !llvm.ptr, %actor: !llvm.ptr, %site: i64) {
  %one = llvm.mlir.constant(1 : i64) : i64
  %zero = llvm.mlir.constant(0 : i64) : i64
  %budget_at = llvm.getelementptr %run[0, 4] : (!llvm.ptr) -> !llvm.ptr, !run
  %site_at = llvm.getelementptr %run[0, 10] : (!llvm.ptr) -> !llvm.ptr, !run
  %actor_at = llvm.getelementptr %run[0, 11] : (!llvm.ptr) -> !llvm.ptr, !run
  %number_at = llvm.getelementptr %actor[0, 7] : (!llvm.ptr) -> !llvm.ptr, !actor
  %number = llvm.load %number_at : !llvm.ptr -> i64
  llvm.store %site, %site_at : i64, !llvm.ptr
  llvm.store %number, %actor_at : i64, !llvm.ptr
  llvm.store %zero, %budget_at : i64, !llvm.ptr
  llvm.return
}

// Runs actors from the queue until it is empty, 0, or the budget is spent, 1.
llvm.func @df_run(%run: !llvm.ptr) -> i64 {
  %zero = llvm.mlir.constant(0 : i64) : i64
  %one = llvm.mlir.constant(1 : i64) : i64
  %head_at = llvm.getelementptr %run[0, 1] : (!llvm.ptr) -> !llvm.ptr, !run
  %tail_at = llvm.getelementptr %run[0, 2] : (!llvm.ptr) -> !llvm.ptr, !run
  %mask_at = llvm.getelementptr %run[0, 3] : (!llvm.ptr) -> !llvm.ptr, !run
  %budget_at = llvm.getelementptr %run[0, 4] : (!llvm.ptr) -> !llvm.ptr, !run
  %queue = llvm.load %run : !llvm.ptr -> !llvm.ptr
  %mask = llvm.load %mask_at : !llvm.ptr -> i64
  llvm.br ^next
^next:
  %head = llvm.load %head_at : !llvm.ptr -> i64
  %tail = llvm.load %tail_at : !llvm.ptr -> i64
  %more = llvm.icmp "ne" %head, %tail : i64
  llvm.cond_br %more, ^may, ^empty
^may:
  %budget = llvm.load %budget_at : !llvm.ptr -> i64
  %left = llvm.icmp "sgt" %budget, %zero : i64
  llvm.cond_br %left, ^go, ^spent
^go:
  %spent = llvm.sub %budget, %one : i64
  llvm.store %spent, %budget_at : i64, !llvm.ptr
  %place = llvm.and %head, %mask : i64
  %at = llvm.getelementptr %queue[%place] : (!llvm.ptr, i64) -> !llvm.ptr, !llvm.ptr
  %actor = llvm.load %at : !llvm.ptr -> !llvm.ptr
  %next = llvm.add %head, %one : i64
  llvm.store %next, %head_at : i64, !llvm.ptr
  %queued_at = llvm.getelementptr %actor[0, 2] : (!llvm.ptr) -> !llvm.ptr, !actor
  llvm.store %zero, %queued_at : i64, !llvm.ptr
  %step = llvm.load %actor : !llvm.ptr -> !llvm.ptr
  llvm.call %step(%run, %actor) : !llvm.ptr, (!llvm.ptr, !llvm.ptr) -> ()
  llvm.br ^next
^empty:
  llvm.return %zero : i64
^spent:
  llvm.return %one : i64
}
"""
