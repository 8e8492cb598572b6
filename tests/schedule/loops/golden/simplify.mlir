// before
func.func private @again_0(%A: memref<8xi16>, %B: memref<8xi16>, %C: memref<8xi16>) attributes {df.kernel = "again", df.parameters = [["A", "array", "int16[8]"], ["B", "array", "int16[8]"], ["C", "array", "int16[8]"]]} {
  %c0 = arith.constant 0 : index
  %c7 = arith.constant 7 : index
  %c1 = arith.constant 1 : index
  scf.for %i = %c0 to %c7 step %c1 {
    %0 = memref.load %A[%i] : memref<8xi16>
    %1 = memref.load %A[%i] : memref<8xi16>
    %2 = arith.extsi %0 : i16 to i32
    %3 = arith.extsi %1 : i16 to i32
    %4 = arith.muli %2, %3 overflow<nsw> : i32
    %c3_i32 = arith.constant 3 : i32
    %5 = arith.extsi %4 : i32 to i33
    %6 = arith.extsi %c3_i32 : i32 to i33
    %7 = arith.addi %5, %6 overflow<nsw> : i33
    %c1_0 = arith.constant 1 : index
    %8 = arith.addi %i, %c1_0 : index
    %9 = arith.trunci %7 : i33 to i16
    memref.store %9, %B[%8] : memref<8xi16>
    %c1_1 = arith.constant 1 : index
    %10 = arith.addi %i, %c1_1 : index
    %11 = memref.load %B[%10] : memref<8xi16>
    %12 = memref.load %A[%i] : memref<8xi16>
    %13 = memref.load %A[%i] : memref<8xi16>
    %14 = arith.extsi %12 : i16 to i32
    %15 = arith.extsi %13 : i16 to i32
    %16 = arith.muli %14, %15 overflow<nsw> : i32
    %17 = arith.extsi %11 : i16 to i33
    %18 = arith.extsi %16 : i32 to i33
    %19 = arith.addi %17, %18 overflow<nsw> : i33
    %20 = arith.trunci %19 : i33 to i16
    memref.store %20, %C[%i] : memref<8xi16>
    %21 = memref.load %C[%i] : memref<8xi16>
    %c1_2 = arith.constant 1 : index
    %22 = arith.addi %i, %c1_2 : index
    memref.store %21, %B[%22] : memref<8xi16>
  } {df.name = "i"}
  return
}

// after
func.func private @again_0(%A: memref<8xi16>, %B: memref<8xi16>, %C: memref<8xi16>) attributes {df.kernel = "again", df.parameters = [["A", "array", "int16[8]"], ["B", "array", "int16[8]"], ["C", "array", "int16[8]"]]} {
  %c0 = arith.constant 0 : index
  %c7 = arith.constant 7 : index
  %c1 = arith.constant 1 : index
  scf.for %i = %c0 to %c7 step %c1 {
    %0 = memref.load %A[%i] : memref<8xi16>
    %1 = arith.extsi %0 : i16 to i32
    %2 = arith.muli %1, %1 overflow<nsw> : i32
    %c3_i32 = arith.constant 3 : i32
    %3 = arith.extsi %2 : i32 to i33
    %4 = arith.extsi %c3_i32 : i32 to i33
    %5 = arith.addi %3, %4 overflow<nsw> : i33
    %c1_0 = arith.constant 1 : index
    %6 = arith.addi %i, %c1_0 : index
    %7 = arith.trunci %5 : i33 to i16
    %8 = arith.extsi %7 : i16 to i33
    %9 = arith.addi %8, %3 overflow<nsw> : i33
    %10 = arith.trunci %9 : i33 to i16
    memref.store %10, %C[%i] : memref<8xi16>
    memref.store %10, %B[%6] : memref<8xi16>
  } {df.name = "i"}
  return
}
