// before
func.func private @doubled_0(%A: memref<4x6xi16>, %x: memref<6xi16>, %y: memref<4xi16>) attributes {df.kernel = "doubled", df.parameters = [["A", "array", "int16[4, 6]"], ["x", "array", "int16[6]"], ["y", "array", "int16[4]"]]} {
  %twice = memref.alloca() {df.name = "twice", df.type = "int16[4, 6]"} : memref<4x6xi16>
  %c0 = arith.constant 0 : index
  %c4 = arith.constant 4 : index
  %c1 = arith.constant 1 : index
  scf.for %i = %c0 to %c4 step %c1 {
    %c0_3 = arith.constant 0 : index
    %c6 = arith.constant 6 : index
    %c1_4 = arith.constant 1 : index
    scf.for %j = %c0_3 to %c6 step %c1_4 {
      %0 = memref.load %A[%i, %j] : memref<4x6xi16>
      %c2_i16 = arith.constant 2 : i16
      %1 = arith.extsi %c2_i16 : i16 to i32
      %2 = arith.extsi %0 : i16 to i32
      %3 = arith.muli %1, %2 overflow<nsw> : i32
      %4 = arith.trunci %3 : i32 to i16
      memref.store %4, %twice[%i, %j] : memref<4x6xi16>
    } {df.name = "j"}
  } {df.name = "i"}
  %c0_0 = arith.constant 0 : index
  %c4_1 = arith.constant 4 : index
  %c1_2 = arith.constant 1 : index
  scf.for %r = %c0_0 to %c4_1 step %c1_2 {
    %c0_i16 = arith.constant 0 : i16
    memref.store %c0_i16, %y[%r] : memref<4xi16>
    %c0_3 = arith.constant 0 : index
    %c6 = arith.constant 6 : index
    %c1_4 = arith.constant 1 : index
    scf.for %k = %c0_3 to %c6 step %c1_4 {
      %0 = memref.load %y[%r] : memref<4xi16>
      %1 = memref.load %twice[%r, %k] : memref<4x6xi16>
      %2 = memref.load %x[%k] : memref<6xi16>
      %3 = arith.extsi %1 : i16 to i32
      %4 = arith.extsi %2 : i16 to i32
      %5 = arith.muli %3, %4 overflow<nsw> : i32
      %6 = arith.extsi %0 : i16 to i33
      %7 = arith.extsi %5 : i32 to i33
      %8 = arith.addi %6, %7 overflow<nsw> : i33
      %9 = arith.trunci %8 : i33 to i16
      memref.store %9, %y[%r] : memref<4xi16>
    } {df.name = "k"}
  } {df.name = "r"}
  return
}

// after
func.func private @doubled_0(%A: memref<4x6xi16>, %x: memref<6xi16>, %y: memref<4xi16>) attributes {df.kernel = "doubled", df.parameters = [["A", "array", "int16[4, 6]"], ["x", "array", "int16[6]"], ["y", "array", "int16[4]"]]} {
  %twice = memref.alloca() {df.name = "twice", df.type = "int16[4, 6]"} : memref<4x6xi16>
  %c0 = arith.constant 0 : index
  %c4 = arith.constant 4 : index
  %c1 = arith.constant 1 : index
  scf.for %r = %c0 to %c4 step %c1 {
    %c0_i16 = arith.constant 0 : i16
    memref.store %c0_i16, %y[%r] : memref<4xi16>
    %c0_0 = arith.constant 0 : index
    %c6 = arith.constant 6 : index
    %c1_1 = arith.constant 1 : index
    scf.for %k = %c0_0 to %c6 step %c1_1 {
      %0 = memref.load %A[%r, %k] : memref<4x6xi16>
      %c2_i16 = arith.constant 2 : i16
      %1 = arith.extsi %c2_i16 : i16 to i32
      %2 = arith.extsi %0 : i16 to i32
      %3 = arith.muli %1, %2 overflow<nsw> : i32
      %4 = arith.trunci %3 : i32 to i16
      memref.store %4, %twice[%r, %k] : memref<4x6xi16>
      %5 = memref.load %y[%r] : memref<4xi16>
      %6 = memref.load %twice[%r, %k] : memref<4x6xi16>
      %7 = memref.load %x[%k] : memref<6xi16>
      %8 = arith.extsi %6 : i16 to i32
      %9 = arith.extsi %7 : i16 to i32
      %10 = arith.muli %8, %9 overflow<nsw> : i32
      %11 = arith.extsi %5 : i16 to i33
      %12 = arith.extsi %10 : i32 to i33
      %13 = arith.addi %11, %12 overflow<nsw> : i33
      %14 = arith.trunci %13 : i33 to i16
      memref.store %14, %y[%r] : memref<4xi16>
    } {df.name = "k"}
  } {df.name = "r"}
  return
}
