module {
  aie.device(npu1_1col) @main {
    %0 = aie.tile(0, 0)
    %1 = aie.tile(0, 2)
    aie.objectfifo @fa(%0, {%1}, [2 : i32, 2 : i32]) : !aie.objectfifo<memref<64xi32>>
    aie.objectfifo @fb(%0, {%1}, [2 : i32, 2 : i32]) : !aie.objectfifo<memref<64xi32>>
    aie.objectfifo @fc(%1, {%0}, [2 : i32, 2 : i32]) : !aie.objectfifo<memref<64xi32>>
    // add[0], <unknown>:0:0
    %2 = aie.core(%1) {
      %c0 = arith.constant 0 : index
      %c9223372036854775807 = arith.constant 9223372036854775807 : index
      %c1 = arith.constant 1 : index
      scf.for %arg0 = %c0 to %c9223372036854775807 step %c1 {
        %c64 = arith.constant 64 : index
        %c0_i32 = arith.constant 0 : i32
        %c16 = arith.constant 16 : index
        scf.for %arg1 = %c0 to %c16 step %c1 {
          %3 = aie.objectfifo.acquire @fa(Consume, 1) : !aie.objectfifosubview<memref<64xi32>>
          %4 = aie.objectfifo.subview.access %3[0] : !aie.objectfifosubview<memref<64xi32>> -> memref<64xi32>
          %5 = aie.objectfifo.acquire @fb(Consume, 1) : !aie.objectfifosubview<memref<64xi32>>
          %6 = aie.objectfifo.subview.access %5[0] : !aie.objectfifosubview<memref<64xi32>> -> memref<64xi32>
          %7 = aie.objectfifo.acquire @fc(Produce, 1) : !aie.objectfifosubview<memref<64xi32>>
          %8 = aie.objectfifo.subview.access %7[0] : !aie.objectfifosubview<memref<64xi32>> -> memref<64xi32>
          scf.for %arg2 = %c0 to %c64 step %c16 {
            %9 = vector.broadcast %c0_i32 : i32 to vector<16xi32>
            vector.store %9, %8[%arg2] : memref<64xi32>, vector<16xi32>
          }
          scf.for %arg2 = %c0 to %c64 step %c16 {
            %9 = vector.load %4[%arg2] : memref<64xi32>, vector<16xi32>
            %10 = vector.load %6[%arg2] : memref<64xi32>, vector<16xi32>
            %11 = arith.addi %9, %10 : vector<16xi32>
            vector.store %11, %8[%arg2] : memref<64xi32>, vector<16xi32>
          }
          aie.objectfifo.release @fa(Consume, 1)
          aie.objectfifo.release @fb(Consume, 1)
          aie.objectfifo.release @fc(Produce, 1)
        }
      }
      aie.end
    } {dynamic_objfifo_lowering = true, stack_size = 1024 : i32}
    aie.runtime_sequence @sequence(%arg0: memref<1024xi32>, %arg1: memref<1024xi32>, %arg2: memref<1024xi32>) {
      aiex.npu.dma_memcpy_nd(%arg0[0, 0, 0, 0][1, 1, 1, 1024][0, 0, 0, 1]) {id = 0 : i64, metadata = @fa} : memref<1024xi32>
      aiex.npu.dma_memcpy_nd(%arg1[0, 0, 0, 0][1, 1, 1, 1024][0, 0, 0, 1]) {id = 1 : i64, metadata = @fb} : memref<1024xi32>
      aiex.npu.dma_memcpy_nd(%arg2[0, 0, 0, 0][1, 1, 1, 1024][0, 0, 0, 1]) {id = 2 : i64, metadata = @fc, issue_token = true} : memref<1024xi32>
      aiex.npu.dma_wait {symbol = @fc}
    }
  }
}
