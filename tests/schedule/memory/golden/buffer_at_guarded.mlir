// before
func.func private @body_0(%A: memref<8xi32>, %C: memref<8xi32>) attributes {df.kernel = "body", df.parameters = [["A", "array", "int32[8]"], ["C", "array", "int32[8]"]]} {
  %c0 = arith.constant 0 : index
  %c8 = arith.constant 8 : index
  %c1 = arith.constant 1 : index
  scf.for %i = %c0 to %c8 step %c1 {
    %c0_0 = arith.constant 0 : index
    %c2 = arith.constant 2 : index
    %c1_1 = arith.constant 1 : index
    scf.for %t = %c0_0 to %c2 step %c1_1 {
      %0 = memref.load %A[%i] : memref<8xi32>
      %1 = arith.extsi %0 : i32 to i64
      %2 = arith.index_cast %t : index to i64
      %3 = arith.cmpi sgt, %1, %2 : i64
      scf.if %3 {
        %5 = memref.load %C[%i] : memref<8xi32>
        %6 = memref.load %A[%i] : memref<8xi32>
        %7 = arith.extsi %5 : i32 to i33
        %8 = arith.extsi %6 : i32 to i33
        %9 = arith.addi %7, %8 overflow<nsw> : i33
        %10 = arith.trunci %9 : i33 to i32
        memref.store %10, %C[%i] : memref<8xi32>
      }
      %c0_2 = arith.constant 0 : index
      %4 = arith.cmpi sgt, %i, %c0_2 : index
      scf.if %4 {
        %5 = memref.load %C[%i] : memref<8xi32>
        %c1_3 = arith.constant 1 : index
        %6 = arith.subi %i, %c1_3 : index
        %7 = memref.load %A[%6] : memref<8xi32>
        %8 = arith.extsi %5 : i32 to i33
        %9 = arith.extsi %7 : i32 to i33
        %10 = arith.addi %8, %9 overflow<nsw> : i33
        %11 = arith.trunci %10 : i33 to i32
        memref.store %11, %C[%i] : memref<8xi32>
      }
    } {df.name = "t"}
  } {df.name = "i"}
  return
}

// after
func.func private @body_0(%A: memref<8xi32>, %C: memref<8xi32>) attributes {df.kernel = "body", df.parameters = [["A", "array", "int32[8]"], ["C", "array", "int32[8]"]]} {
  %C_buffer = memref.alloca() {df.name = "C_buffer", df.type = "int32"} : memref<i32>
  %c0 = arith.constant 0 : index
  %c8 = arith.constant 8 : index
  %c1 = arith.constant 1 : index
  scf.for %i = %c0 to %c8 step %c1 {
    %0 = memref.load %C[%i] : memref<8xi32>
    memref.store %0, %C_buffer[] : memref<i32>
    %c0_0 = arith.constant 0 : index
    %c2 = arith.constant 2 : index
    %c1_1 = arith.constant 1 : index
    scf.for %t = %c0_0 to %c2 step %c1_1 {
      %2 = memref.load %A[%i] : memref<8xi32>
      %3 = arith.extsi %2 : i32 to i64
      %4 = arith.index_cast %t : index to i64
      %5 = arith.cmpi sgt, %3, %4 : i64
      scf.if %5 {
        %7 = memref.load %C_buffer[] : memref<i32>
        %8 = memref.load %A[%i] : memref<8xi32>
        %9 = arith.extsi %7 : i32 to i33
        %10 = arith.extsi %8 : i32 to i33
        %11 = arith.addi %9, %10 overflow<nsw> : i33
        %12 = arith.trunci %11 : i33 to i32
        memref.store %12, %C_buffer[] : memref<i32>
      }
      %c0_2 = arith.constant 0 : index
      %6 = arith.cmpi sgt, %i, %c0_2 : index
      scf.if %6 {
        %7 = memref.load %C_buffer[] : memref<i32>
        %c1_3 = arith.constant 1 : index
        %8 = arith.subi %i, %c1_3 : index
        %9 = memref.load %A[%8] : memref<8xi32>
        %10 = arith.extsi %7 : i32 to i33
        %11 = arith.extsi %9 : i32 to i33
        %12 = arith.addi %10, %11 overflow<nsw> : i33
        %13 = arith.trunci %12 : i33 to i32
        memref.store %13, %C_buffer[] : memref<i32>
      }
    } {df.name = "t"}
    %1 = memref.load %C_buffer[] : memref<i32>
    memref.store %1, %C[%i] : memref<8xi32>
  } {df.name = "i"}
  return
}
