// before
func.func private @body_0(%A: memref<4x8xi32>, %C: memref<4x8xi32>) attributes {df.kernel = "body", df.parameters = [["A", "array", "int32[4, 8]"], ["C", "array", "int32[4, 8]"]]} {
  %c0 = arith.constant 0 : index
  %c4 = arith.constant 4 : index
  %c1 = arith.constant 1 : index
  scf.for %i = %c0 to %c4 step %c1 {
    %c0_0 = arith.constant 0 : index
    %c8 = arith.constant 8 : index
    %c1_1 = arith.constant 1 : index
    scf.for %j = %c0_0 to %c8 step %c1_1 {
      %0 = memref.load %A[%i, %j] : memref<4x8xi32>
      %c2_i32 = arith.constant 2 : i32
      %1 = arith.extsi %0 : i32 to i64
      %2 = arith.extsi %c2_i32 : i32 to i64
      %3 = arith.muli %1, %2 overflow<nsw> : i64
      %4 = arith.trunci %3 : i64 to i32
      memref.store %4, %C[%i, %j] : memref<4x8xi32>
    } {df.name = "j"}
    %c1_2 = arith.constant 1 : index
    %c8_3 = arith.constant 8 : index
    %c1_4 = arith.constant 1 : index
    scf.for %j = %c1_2 to %c8_3 step %c1_4 {
      %0 = memref.load %C[%i, %j] : memref<4x8xi32>
      %c1_5 = arith.constant 1 : index
      %1 = arith.subi %j, %c1_5 : index
      %2 = memref.load %C[%i, %1] : memref<4x8xi32>
      %3 = arith.extsi %0 : i32 to i33
      %4 = arith.extsi %2 : i32 to i33
      %5 = arith.addi %3, %4 overflow<nsw> : i33
      %6 = arith.trunci %5 : i33 to i32
      memref.store %6, %C[%i, %j] : memref<4x8xi32>
    } {df.name = "j_1"}
  } {df.name = "i"}
  return
}

// after
func.func private @body_0(%A: memref<4x8xi32>, %C: memref<4x8xi32>) attributes {df.kernel = "body", df.parameters = [["A", "array", "int32[4, 8]"], ["C", "array", "int32[4, 8]"]]} {
  %C_buffer = memref.alloca() {df.name = "C_buffer", df.type = "int32[8]"} : memref<8xi32>
  %c0 = arith.constant 0 : index
  %c4 = arith.constant 4 : index
  %c1 = arith.constant 1 : index
  scf.for %i = %c0 to %c4 step %c1 {
    %c0_0 = arith.constant 0 : index
    %c8 = arith.constant 8 : index
    %c1_1 = arith.constant 1 : index
    scf.for %j = %c0_0 to %c8 step %c1_1 {
      %0 = memref.load %A[%i, %j] : memref<4x8xi32>
      %c2_i32 = arith.constant 2 : i32
      %1 = arith.extsi %0 : i32 to i64
      %2 = arith.extsi %c2_i32 : i32 to i64
      %3 = arith.muli %1, %2 overflow<nsw> : i64
      %4 = arith.trunci %3 : i64 to i32
      memref.store %4, %C_buffer[%j] : memref<8xi32>
    } {df.name = "j"}
    %c1_2 = arith.constant 1 : index
    %c8_3 = arith.constant 8 : index
    %c1_4 = arith.constant 1 : index
    scf.for %j = %c1_2 to %c8_3 step %c1_4 {
      %0 = memref.load %C_buffer[%j] : memref<8xi32>
      %c-1 = arith.constant -1 : index
      %1 = arith.addi %j, %c-1 overflow<nsw> : index
      %2 = memref.load %C_buffer[%1] : memref<8xi32>
      %3 = arith.extsi %0 : i32 to i33
      %4 = arith.extsi %2 : i32 to i33
      %5 = arith.addi %3, %4 overflow<nsw> : i33
      %6 = arith.trunci %5 : i33 to i32
      memref.store %6, %C_buffer[%j] : memref<8xi32>
    } {df.name = "j_1"}
    %c0_5 = arith.constant 0 : index
    %c8_6 = arith.constant 8 : index
    %c1_7 = arith.constant 1 : index
    scf.for %C_buffer_1 = %c0_5 to %c8_6 step %c1_7 {
      %0 = memref.load %C_buffer[%C_buffer_1] : memref<8xi32>
      memref.store %0, %C[%i, %C_buffer_1] : memref<4x8xi32>
    } {df.name = "C_buffer_1"}
  } {df.name = "i"}
  return
}
