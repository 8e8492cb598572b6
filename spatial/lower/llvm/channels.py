"""What happens to channels at run time, in the LLVM dialect: when a token can move, and what is counted as it does.

The enumerations of `layout` number the fields. A cycle that is not known yet is the greatest one.
"""

__all__ = ["CHANNELS"]

CHANNELS = """// The place of token `n`.
llvm.func internal @df_slot(%c: !llvm.ptr, %n: i64) -> !llvm.ptr attributes {passthrough = ["alwaysinline"]} {
  %mask_at = llvm.getelementptr %c[0, 5] : (!llvm.ptr) -> !llvm.ptr, !channel
  %mask = llvm.load %mask_at : !llvm.ptr -> i64
  %ring_at = llvm.getelementptr %c[0, 6] : (!llvm.ptr) -> !llvm.ptr, !channel
  %ring = llvm.load %ring_at : !llvm.ptr -> !llvm.ptr
  %place = llvm.and %n, %mask : i64
  %slot = llvm.getelementptr %ring[%place] : (!llvm.ptr, i64) -> !llvm.ptr, !slot
  llvm.return %slot : !llvm.ptr
}

// From when the oldest token can be taken.
llvm.func internal @df_visible(%c: !llvm.ptr) -> i64 attributes {passthrough = ["alwaysinline"]} {
  %never = llvm.mlir.constant(9223372036854775807 : i64) : i64
  %gets_at = llvm.getelementptr %c[0, 1] : (!llvm.ptr) -> !llvm.ptr, !channel
  %puts = llvm.load %c : !llvm.ptr -> i64
  %gets = llvm.load %gets_at : !llvm.ptr -> i64
  %slot = llvm.call @df_slot(%c, %gets) : (!llvm.ptr, i64) -> !llvm.ptr
  %visible_at = llvm.getelementptr %slot[0, 2] : (!llvm.ptr) -> !llvm.ptr, !slot
  %visible = llvm.load %visible_at : !llvm.ptr -> i64
  %there = llvm.icmp "sgt" %puts, %gets : i64
  %when = llvm.select %there, %visible, %never : i1, i64
  llvm.return %when : i64
}

// From when the next token can be put.
llvm.func internal @df_free(%c: !llvm.ptr) -> i64 attributes {passthrough = ["alwaysinline"]} {
  %never = llvm.mlir.constant(9223372036854775807 : i64) : i64
  %zero = llvm.mlir.constant(0 : i64) : i64
  %gets_at = llvm.getelementptr %c[0, 1] : (!llvm.ptr) -> !llvm.ptr, !channel
  %depth_at = llvm.getelementptr %c[0, 2] : (!llvm.ptr) -> !llvm.ptr, !channel
  %war_at = llvm.getelementptr %c[0, 4] : (!llvm.ptr) -> !llvm.ptr, !channel
  %puts = llvm.load %c : !llvm.ptr -> i64
  %gets = llvm.load %gets_at : !llvm.ptr -> i64
  %depth = llvm.load %depth_at : !llvm.ptr -> i64
  %war = llvm.load %war_at : !llvm.ptr -> i64
  %before = llvm.sub %puts, %depth : i64
  %slot = llvm.call @df_slot(%c, %before) : (!llvm.ptr, i64) -> !llvm.ptr
  %get_at = llvm.getelementptr %slot[0, 3] : (!llvm.ptr) -> !llvm.ptr, !slot
  %get = llvm.load %get_at : !llvm.ptr -> i64
  %again = llvm.add %get, %war : i64
  %unused = llvm.icmp "slt" %before, %zero : i64
  %from = llvm.select %unused, %zero, %again : i1, i64
  %room = llvm.icmp "slt" %before, %gets : i64
  %when = llvm.select %room, %from, %never : i1, i64
  llvm.return %when : i64
}

// The oldest token.
llvm.func internal @df_front(%c: !llvm.ptr) -> i64 attributes {passthrough = ["alwaysinline"]} {
  %gets_at = llvm.getelementptr %c[0, 1] : (!llvm.ptr) -> !llvm.ptr, !channel
  %gets = llvm.load %gets_at : !llvm.ptr -> i64
  %slot = llvm.call @df_slot(%c, %gets) : (!llvm.ptr, i64) -> !llvm.ptr
  %value = llvm.load %slot : !llvm.ptr -> i64
  llvm.return %value : i64
}

// Adds to a count what an interval holds, if it is none backwards.
llvm.func internal @df_count(%at: !llvm.ptr, %from: i64, %to: i64, %counts: i1)
    attributes {passthrough = ["alwaysinline"]} {
  %zero = llvm.mlir.constant(0 : i64) : i64
  %long = llvm.sub %to, %from : i64
  %cycles = llvm.intr.smax(%long, %zero) : (i64, i64) -> i64
  %counted = llvm.select %counts, %cycles, %zero : i1, i64
  %old = llvm.load %at : !llvm.ptr -> i64
  %new = llvm.add %old, %counted : i64
  llvm.store %new, %at : i64, !llvm.ptr
  llvm.return
}

// The oldest token leaves at cycle `t`. Every count of a pair of a put and a get is made by the one that is
// executed last: the channel is full from put n + depth - 1 to get n, empty from get n to put n + 1, and
// holds k tokens if put n + k - 1 comes before get n.
llvm.func internal @df_take(%run: !llvm.ptr, %c: !llvm.ptr, %t: i64) attributes {passthrough = ["alwaysinline"]} {
  %one = llvm.mlir.constant(1 : i64) : i64
  %gets_at = llvm.getelementptr %c[0, 1] : (!llvm.ptr) -> !llvm.ptr, !channel
  %depth_at = llvm.getelementptr %c[0, 2] : (!llvm.ptr) -> !llvm.ptr, !channel
  %puts = llvm.load %c : !llvm.ptr -> i64
  %n = llvm.load %gets_at : !llvm.ptr -> i64
  %depth = llvm.load %depth_at : !llvm.ptr -> i64
  %slot = llvm.call @df_slot(%c, %n) : (!llvm.ptr, i64) -> !llvm.ptr
  %get_at = llvm.getelementptr %slot[0, 3] : (!llvm.ptr) -> !llvm.ptr, !slot
  llvm.store %t, %get_at : i64, !llvm.ptr
  %next = llvm.add %n, %one : i64
  llvm.store %next, %gets_at : i64, !llvm.ptr
  %next_slot = llvm.call @df_slot(%c, %next) : (!llvm.ptr, i64) -> !llvm.ptr
  %next_put_at = llvm.getelementptr %next_slot[0, 1] : (!llvm.ptr) -> !llvm.ptr, !slot
  %next_put = llvm.load %next_put_at : !llvm.ptr -> i64
  %empty_at = llvm.getelementptr %c[0, 10] : (!llvm.ptr) -> !llvm.ptr, !channel
  %more = llvm.icmp "sgt" %puts, %next : i64
  llvm.call @df_count(%empty_at, %t, %next_put, %more) : (!llvm.ptr, i64, i64, i1) -> ()
  %last = llvm.sub %puts, %one : i64
  %last_slot = llvm.call @df_slot(%c, %last) : (!llvm.ptr, i64) -> !llvm.ptr
  %last_put_at = llvm.getelementptr %last_slot[0, 1] : (!llvm.ptr) -> !llvm.ptr, !slot
  %last_put = llvm.load %last_put_at : !llvm.ptr -> i64
  %full_at = llvm.getelementptr %c[0, 9] : (!llvm.ptr) -> !llvm.ptr, !channel
  %bound = llvm.add %n, %depth : i64
  %was_full = llvm.icmp "eq" %puts, %bound : i64
  llvm.call @df_count(%full_at, %last_put, %t, %was_full) : (!llvm.ptr, i64, i64, i1) -> ()
  %most_at = llvm.getelementptr %c[0, 11] : (!llvm.ptr) -> !llvm.ptr, !channel
  llvm.br ^higher
^higher:
  %most = llvm.load %most_at : !llvm.ptr -> i64
  %m = llvm.add %n, %most : i64
  %other = llvm.call @df_slot(%c, %m) : (!llvm.ptr, i64) -> !llvm.ptr
  %put_at = llvm.getelementptr %other[0, 1] : (!llvm.ptr) -> !llvm.ptr, !slot
  %put = llvm.load %put_at : !llvm.ptr -> i64
  %known = llvm.icmp "slt" %m, %puts : i64
  %sooner = llvm.icmp "slt" %put, %t : i64
  %held = llvm.and %known, %sooner : i1
  llvm.cond_br %held weights([1, 1000]), ^raise, ^told
^raise:
  %most_now = llvm.add %most, %one : i64
  llvm.store %most_now, %most_at : i64, !llvm.ptr
  llvm.br ^higher
^told:
  %waits_at = llvm.getelementptr %c[0, 8] : (!llvm.ptr) -> !llvm.ptr, !channel
  llvm.call @df_wake(%run, %waits_at) : (!llvm.ptr, !llvm.ptr) -> ()
  llvm.return
}

// A token enters at cycle `t`; counts as above.
llvm.func internal @df_give(%run: !llvm.ptr, %c: !llvm.ptr, %value: i64, %t: i64)
    attributes {passthrough = ["alwaysinline"]} {
  %one = llvm.mlir.constant(1 : i64) : i64
  %gets_at = llvm.getelementptr %c[0, 1] : (!llvm.ptr) -> !llvm.ptr, !channel
  %depth_at = llvm.getelementptr %c[0, 2] : (!llvm.ptr) -> !llvm.ptr, !channel
  %raw_at = llvm.getelementptr %c[0, 3] : (!llvm.ptr) -> !llvm.ptr, !channel
  %m = llvm.load %c : !llvm.ptr -> i64
  %gets = llvm.load %gets_at : !llvm.ptr -> i64
  %depth = llvm.load %depth_at : !llvm.ptr -> i64
  %raw = llvm.load %raw_at : !llvm.ptr -> i64
  %slot = llvm.call @df_slot(%c, %m) : (!llvm.ptr, i64) -> !llvm.ptr
  %put_at = llvm.getelementptr %slot[0, 1] : (!llvm.ptr) -> !llvm.ptr, !slot
  %visible_at = llvm.getelementptr %slot[0, 2] : (!llvm.ptr) -> !llvm.ptr, !slot
  %visible = llvm.add %t, %raw : i64
  llvm.store %value, %slot : i64, !llvm.ptr
  llvm.store %t, %put_at : i64, !llvm.ptr
  llvm.store %visible, %visible_at : i64, !llvm.ptr
  %next = llvm.add %m, %one : i64
  llvm.store %next, %c : i64, !llvm.ptr
  %before = llvm.sub %m, %one : i64
  %before_slot = llvm.call @df_slot(%c, %before) : (!llvm.ptr, i64) -> !llvm.ptr
  %before_get_at = llvm.getelementptr %before_slot[0, 3] : (!llvm.ptr) -> !llvm.ptr, !slot
  %before_get = llvm.load %before_get_at : !llvm.ptr -> i64
  %empty_at = llvm.getelementptr %c[0, 10] : (!llvm.ptr) -> !llvm.ptr, !channel
  %was_empty = llvm.icmp "eq" %gets, %m : i64
  llvm.call @df_count(%empty_at, %before_get, %t, %was_empty) : (!llvm.ptr, i64, i64, i1) -> ()
  %out = llvm.sub %next, %depth : i64
  %out_slot = llvm.call @df_slot(%c, %out) : (!llvm.ptr, i64) -> !llvm.ptr
  %out_get_at = llvm.getelementptr %out_slot[0, 3] : (!llvm.ptr) -> !llvm.ptr, !slot
  %out_get = llvm.load %out_get_at : !llvm.ptr -> i64
  %full_at = llvm.getelementptr %c[0, 9] : (!llvm.ptr) -> !llvm.ptr, !channel
  %was_out = llvm.icmp "sgt" %gets, %out : i64
  llvm.call @df_count(%full_at, %t, %out_get, %was_out) : (!llvm.ptr, i64, i64, i1) -> ()
  %most_at = llvm.getelementptr %c[0, 11] : (!llvm.ptr) -> !llvm.ptr, !channel
  %most = llvm.load %most_at : !llvm.ptr -> i64
  %latest = llvm.sub %gets, %one : i64
  %wanted = llvm.sub %m, %most : i64
  %first = llvm.intr.smin(%latest, %wanted) : (i64, i64) -> i64
  llvm.br ^higher(%first : i64)
^higher(%n: i64):
  %other = llvm.call @df_slot(%c, %n) : (!llvm.ptr, i64) -> !llvm.ptr
  %get_at = llvm.getelementptr %other[0, 3] : (!llvm.ptr) -> !llvm.ptr, !slot
  %get = llvm.load %get_at : !llvm.ptr -> i64
  %later = llvm.icmp "sgt" %get, %t : i64
  llvm.cond_br %later weights([1, 1000]), ^raise, ^told
^raise:
  %most_now = llvm.sub %next, %n : i64
  llvm.store %most_now, %most_at : i64, !llvm.ptr
  %sooner = llvm.sub %n, %one : i64
  llvm.br ^higher(%sooner : i64)
^told:
  %waits_at = llvm.getelementptr %c[0, 7] : (!llvm.ptr) -> !llvm.ptr, !channel
  llvm.call @df_wake(%run, %waits_at) : (!llvm.ptr, !llvm.ptr) -> ()
  llvm.return
}

"""
