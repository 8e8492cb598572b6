// before
func.func private @distances_0(%A: memref<4x4xi16>, %B: memref<4x4xi16>) attributes {df.kernel = "distances", df.parameters = [["A", "array", "int16[4, 4]"], ["B", "array", "int16[4, 4]"]]} {
  %c0 = arith.constant 0 : index
  %c4 = arith.constant 4 : index
  %c1 = arith.constant 1 : index
  scf.for %i = %c0 to %c4 step %c1 {
    %c0_0 = arith.constant 0 : index
    %c4_1 = arith.constant 4 : index
    %c1_2 = arith.constant 1 : index
    scf.for %j = %c0_0 to %c4_1 step %c1_2 {
      %0 = arith.subi %i, %j : index
      %1 = arith.index_cast %0 : index to i16
      memref.store %1, %A[%i, %j] : memref<4x4xi16>
    } {df.name = "j"}
    %c0_3 = arith.constant 0 : index
    %c4_4 = arith.constant 4 : index
    %c1_5 = arith.constant 1 : index
    scf.for %k = %c0_3 to %c4_4 step %c1_5 {
      %0 = memref.load %A[%i, %k] : memref<4x4xi16>
      memref.store %0, %B[%i, %k] : memref<4x4xi16>
    } {df.name = "k"}
  } {df.name = "i"}
  return
}

// after
func.func private @distances_0(%A: memref<4x4xi16>, %B: memref<4x4xi16>) attributes {df.kernel = "distances", df.parameters = [["A", "array", "int16[4, 4]"], ["B", "array", "int16[4, 4]"]]} {
  %c0 = arith.constant 0 : index
  %c4 = arith.constant 4 : index
  %c1 = arith.constant 1 : index
  scf.for %i = %c0 to %c4 step %c1 {
    %j = arith.constant 0 : index
    %0 = arith.subi %i, %j : index
    %1 = arith.index_cast %0 : index to i16
    memref.store %1, %A[%i, %j] : memref<4x4xi16>
    %j_0 = arith.constant 1 : index
    %2 = arith.subi %i, %j_0 : index
    %3 = arith.index_cast %2 : index to i16
    memref.store %3, %A[%i, %j_0] : memref<4x4xi16>
    %j_1 = arith.constant 2 : index
    %4 = arith.subi %i, %j_1 : index
    %5 = arith.index_cast %4 : index to i16
    memref.store %5, %A[%i, %j_1] : memref<4x4xi16>
    %j_2 = arith.constant 3 : index
    %6 = arith.subi %i, %j_2 : index
    %7 = arith.index_cast %6 : index to i16
    memref.store %7, %A[%i, %j_2] : memref<4x4xi16>
    %k = arith.constant 0 : index
    %8 = memref.load %A[%i, %k] : memref<4x4xi16>
    memref.store %8, %B[%i, %k] : memref<4x4xi16>
    %k_3 = arith.constant 1 : index
    %9 = memref.load %A[%i, %k_3] : memref<4x4xi16>
    memref.store %9, %B[%i, %k_3] : memref<4x4xi16>
    %k_4 = arith.constant 2 : index
    %10 = memref.load %A[%i, %k_4] : memref<4x4xi16>
    memref.store %10, %B[%i, %k_4] : memref<4x4xi16>
    %k_5 = arith.constant 3 : index
    %11 = memref.load %A[%i, %k_5] : memref<4x4xi16>
    memref.store %11, %B[%i, %k_5] : memref<4x4xi16>
  } {df.name = "i", df.pipeline = {ii = 2 : i64, stages = {}, style = "rigid"}}
  return
}
