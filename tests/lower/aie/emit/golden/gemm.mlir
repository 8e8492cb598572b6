module {
  aie.device(npu1_2col) @main {
    %0 = aie.tile(0, 0)
    %1 = aie.tile(0, 1)
    %2 = aie.tile(0, 2)
    %3 = aie.tile(0, 3)
    %4 = aie.tile(1, 0)
    %5 = aie.tile(1, 1)
    %6 = aie.tile(1, 2)
    %7 = aie.tile(1, 3)
    aie.objectfifo @A0_L3(%0, {%1}, [2 : i32, 2 : i32]) : !aie.objectfifo<memref<16x16xi8>>
    aie.objectfifo @B0_L3(%0, {%1}, [2 : i32, 2 : i32]) : !aie.objectfifo<memref<16x16xi8>>
    aie.objectfifo @A0(%1, {%2, %6}, [2 : i32, 2 : i32, 2 : i32]) : !aie.objectfifo<memref<16x16xi8>>
    aie.objectfifo @B0(%1, {%2, %3}, [2 : i32, 2 : i32, 2 : i32]) : !aie.objectfifo<memref<16x16xi8>>
    aie.objectfifo @A1_L3(%4, {%5}, [2 : i32, 2 : i32]) : !aie.objectfifo<memref<16x16xi8>>
    aie.objectfifo @B1_L3(%4, {%5}, [2 : i32, 2 : i32]) : !aie.objectfifo<memref<16x16xi8>>
    aie.objectfifo @A1(%5, {%3, %7}, [2 : i32, 2 : i32, 2 : i32]) : !aie.objectfifo<memref<16x16xi8>>
    aie.objectfifo @B1(%5, {%6, %7}, [2 : i32, 2 : i32, 2 : i32]) : !aie.objectfifo<memref<16x16xi8>>
    aie.objectfifo @C00(%2, {%1}, [2 : i32, 2 : i32]) : !aie.objectfifo<memref<16x16xi32>>
    aie.objectfifo @C10(%3, {%1}, [2 : i32, 2 : i32]) : !aie.objectfifo<memref<16x16xi32>>
    aie.objectfifo @C0_L3(%1, {%0}, [2 : i32, 2 : i32]) : !aie.objectfifo<memref<32x16xi32>>
    aie.objectfifo @C01(%6, {%5}, [2 : i32, 2 : i32]) : !aie.objectfifo<memref<16x16xi32>>
    aie.objectfifo @C11(%7, {%5}, [2 : i32, 2 : i32]) : !aie.objectfifo<memref<16x16xi32>>
    aie.objectfifo @C1_L3(%5, {%4}, [2 : i32, 2 : i32]) : !aie.objectfifo<memref<32x16xi32>>
    aie.objectfifo.link [@A0_L3] -> [@A0]([] [])
    aie.objectfifo.link [@B0_L3] -> [@B0]([] [])
    aie.objectfifo.link [@A1_L3] -> [@A1]([] [])
    aie.objectfifo.link [@B1_L3] -> [@B1]([] [])
    aie.objectfifo.link [@C00, @C10] -> [@C0_L3]([0, 256] [])
    aie.objectfifo.link [@C01, @C11] -> [@C1_L3]([0, 256] [])
    // pe[0,0], <unknown>:0:0
    %8 = aie.core(%2) {
      %c0 = arith.constant 0 : index
      %c9223372036854775807 = arith.constant 9223372036854775807 : index
      %c1 = arith.constant 1 : index
      scf.for %arg0 = %c0 to %c9223372036854775807 step %c1 {
        %c2 = arith.constant 2 : index
        %c16 = arith.constant 16 : index
        %c0_i32 = arith.constant 0 : i32
        %12 = aie.objectfifo.acquire @C00(Produce, 1) : !aie.objectfifosubview<memref<16x16xi32>>
        %13 = aie.objectfifo.subview.access %12[0] : !aie.objectfifosubview<memref<16x16xi32>> -> memref<16x16xi32>
        scf.for %arg1 = %c0 to %c16 step %c1 {
          scf.for %arg2 = %c0 to %c16 step %c16 {
            %14 = vector.broadcast %c0_i32 : i32 to vector<16xi32>
            vector.store %14, %13[%arg1, %arg2] : memref<16x16xi32>, vector<16xi32>
          }
        }
        scf.for %arg1 = %c0 to %c2 step %c1 {
          %14 = aie.objectfifo.acquire @A0(Consume, 1) : !aie.objectfifosubview<memref<16x16xi8>>
          %15 = aie.objectfifo.subview.access %14[0] : !aie.objectfifosubview<memref<16x16xi8>> -> memref<16x16xi8>
          %16 = aie.objectfifo.acquire @B0(Consume, 1) : !aie.objectfifosubview<memref<16x16xi8>>
          %17 = aie.objectfifo.subview.access %16[0] : !aie.objectfifosubview<memref<16x16xi8>> -> memref<16x16xi8>
          scf.for %arg2 = %c0 to %c16 step %c1 {
            %c8 = arith.constant 8 : index
            scf.for %arg3 = %c0 to %c16 step %c8 {
              scf.for %arg4 = %c0 to %c16 step %c1 {
                %18 = vector.load %13[%arg2, %arg3] : memref<16x16xi32>, vector<8xi32>
                %19 = memref.load %15[%arg2, %arg4] : memref<16x16xi8>
                %20 = vector.load %17[%arg4, %arg3] : memref<16x16xi8>, vector<8xi8>
                %21 = arith.extsi %19 : i8 to i16
                %22 = arith.extsi %20 : vector<8xi8> to vector<8xi16>
                %23 = vector.broadcast %21 : i16 to vector<8xi16>
                %24 = arith.muli %23, %22 : vector<8xi16>
                %25 = arith.extsi %24 : vector<8xi16> to vector<8xi32>
                %26 = arith.addi %18, %25 : vector<8xi32>
                vector.store %26, %13[%arg2, %arg3] : memref<16x16xi32>, vector<8xi32>
              }
            }
          }
          aie.objectfifo.release @A0(Consume, 1)
          aie.objectfifo.release @B0(Consume, 1)
        }
        aie.objectfifo.release @C00(Produce, 1)
      }
      aie.end
    } {dynamic_objfifo_lowering = true, stack_size = 1024 : i32}
    // pe[0,1], <unknown>:0:0
    %9 = aie.core(%6) {
      %c0 = arith.constant 0 : index
      %c9223372036854775807 = arith.constant 9223372036854775807 : index
      %c1 = arith.constant 1 : index
      scf.for %arg0 = %c0 to %c9223372036854775807 step %c1 {
        %c2 = arith.constant 2 : index
        %c16 = arith.constant 16 : index
        %c0_i32 = arith.constant 0 : i32
        %12 = aie.objectfifo.acquire @C01(Produce, 1) : !aie.objectfifosubview<memref<16x16xi32>>
        %13 = aie.objectfifo.subview.access %12[0] : !aie.objectfifosubview<memref<16x16xi32>> -> memref<16x16xi32>
        scf.for %arg1 = %c0 to %c16 step %c1 {
          scf.for %arg2 = %c0 to %c16 step %c16 {
            %14 = vector.broadcast %c0_i32 : i32 to vector<16xi32>
            vector.store %14, %13[%arg1, %arg2] : memref<16x16xi32>, vector<16xi32>
          }
        }
        scf.for %arg1 = %c0 to %c2 step %c1 {
          %14 = aie.objectfifo.acquire @A0(Consume, 1) : !aie.objectfifosubview<memref<16x16xi8>>
          %15 = aie.objectfifo.subview.access %14[0] : !aie.objectfifosubview<memref<16x16xi8>> -> memref<16x16xi8>
          %16 = aie.objectfifo.acquire @B1(Consume, 1) : !aie.objectfifosubview<memref<16x16xi8>>
          %17 = aie.objectfifo.subview.access %16[0] : !aie.objectfifosubview<memref<16x16xi8>> -> memref<16x16xi8>
          scf.for %arg2 = %c0 to %c16 step %c1 {
            %c8 = arith.constant 8 : index
            scf.for %arg3 = %c0 to %c16 step %c8 {
              scf.for %arg4 = %c0 to %c16 step %c1 {
                %18 = vector.load %13[%arg2, %arg3] : memref<16x16xi32>, vector<8xi32>
                %19 = memref.load %15[%arg2, %arg4] : memref<16x16xi8>
                %20 = vector.load %17[%arg4, %arg3] : memref<16x16xi8>, vector<8xi8>
                %21 = arith.extsi %19 : i8 to i16
                %22 = arith.extsi %20 : vector<8xi8> to vector<8xi16>
                %23 = vector.broadcast %21 : i16 to vector<8xi16>
                %24 = arith.muli %23, %22 : vector<8xi16>
                %25 = arith.extsi %24 : vector<8xi16> to vector<8xi32>
                %26 = arith.addi %18, %25 : vector<8xi32>
                vector.store %26, %13[%arg2, %arg3] : memref<16x16xi32>, vector<8xi32>
              }
            }
          }
          aie.objectfifo.release @A0(Consume, 1)
          aie.objectfifo.release @B1(Consume, 1)
        }
        aie.objectfifo.release @C01(Produce, 1)
      }
      aie.end
    } {dynamic_objfifo_lowering = true, stack_size = 1024 : i32}
    // pe[1,0], <unknown>:0:0
    %10 = aie.core(%3) {
      %c0 = arith.constant 0 : index
      %c9223372036854775807 = arith.constant 9223372036854775807 : index
      %c1 = arith.constant 1 : index
      scf.for %arg0 = %c0 to %c9223372036854775807 step %c1 {
        %c2 = arith.constant 2 : index
        %c16 = arith.constant 16 : index
        %c0_i32 = arith.constant 0 : i32
        %12 = aie.objectfifo.acquire @C10(Produce, 1) : !aie.objectfifosubview<memref<16x16xi32>>
        %13 = aie.objectfifo.subview.access %12[0] : !aie.objectfifosubview<memref<16x16xi32>> -> memref<16x16xi32>
        scf.for %arg1 = %c0 to %c16 step %c1 {
          scf.for %arg2 = %c0 to %c16 step %c16 {
            %14 = vector.broadcast %c0_i32 : i32 to vector<16xi32>
            vector.store %14, %13[%arg1, %arg2] : memref<16x16xi32>, vector<16xi32>
          }
        }
        scf.for %arg1 = %c0 to %c2 step %c1 {
          %14 = aie.objectfifo.acquire @A1(Consume, 1) : !aie.objectfifosubview<memref<16x16xi8>>
          %15 = aie.objectfifo.subview.access %14[0] : !aie.objectfifosubview<memref<16x16xi8>> -> memref<16x16xi8>
          %16 = aie.objectfifo.acquire @B0(Consume, 1) : !aie.objectfifosubview<memref<16x16xi8>>
          %17 = aie.objectfifo.subview.access %16[0] : !aie.objectfifosubview<memref<16x16xi8>> -> memref<16x16xi8>
          scf.for %arg2 = %c0 to %c16 step %c1 {
            %c8 = arith.constant 8 : index
            scf.for %arg3 = %c0 to %c16 step %c8 {
              scf.for %arg4 = %c0 to %c16 step %c1 {
                %18 = vector.load %13[%arg2, %arg3] : memref<16x16xi32>, vector<8xi32>
                %19 = memref.load %15[%arg2, %arg4] : memref<16x16xi8>
                %20 = vector.load %17[%arg4, %arg3] : memref<16x16xi8>, vector<8xi8>
                %21 = arith.extsi %19 : i8 to i16
                %22 = arith.extsi %20 : vector<8xi8> to vector<8xi16>
                %23 = vector.broadcast %21 : i16 to vector<8xi16>
                %24 = arith.muli %23, %22 : vector<8xi16>
                %25 = arith.extsi %24 : vector<8xi16> to vector<8xi32>
                %26 = arith.addi %18, %25 : vector<8xi32>
                vector.store %26, %13[%arg2, %arg3] : memref<16x16xi32>, vector<8xi32>
              }
            }
          }
          aie.objectfifo.release @A1(Consume, 1)
          aie.objectfifo.release @B0(Consume, 1)
        }
        aie.objectfifo.release @C10(Produce, 1)
      }
      aie.end
    } {dynamic_objfifo_lowering = true, stack_size = 1024 : i32}
    // pe[1,1], <unknown>:0:0
    %11 = aie.core(%7) {
      %c0 = arith.constant 0 : index
      %c9223372036854775807 = arith.constant 9223372036854775807 : index
      %c1 = arith.constant 1 : index
      scf.for %arg0 = %c0 to %c9223372036854775807 step %c1 {
        %c2 = arith.constant 2 : index
        %c16 = arith.constant 16 : index
        %c0_i32 = arith.constant 0 : i32
        %12 = aie.objectfifo.acquire @C11(Produce, 1) : !aie.objectfifosubview<memref<16x16xi32>>
        %13 = aie.objectfifo.subview.access %12[0] : !aie.objectfifosubview<memref<16x16xi32>> -> memref<16x16xi32>
        scf.for %arg1 = %c0 to %c16 step %c1 {
          scf.for %arg2 = %c0 to %c16 step %c16 {
            %14 = vector.broadcast %c0_i32 : i32 to vector<16xi32>
            vector.store %14, %13[%arg1, %arg2] : memref<16x16xi32>, vector<16xi32>
          }
        }
        scf.for %arg1 = %c0 to %c2 step %c1 {
          %14 = aie.objectfifo.acquire @A1(Consume, 1) : !aie.objectfifosubview<memref<16x16xi8>>
          %15 = aie.objectfifo.subview.access %14[0] : !aie.objectfifosubview<memref<16x16xi8>> -> memref<16x16xi8>
          %16 = aie.objectfifo.acquire @B1(Consume, 1) : !aie.objectfifosubview<memref<16x16xi8>>
          %17 = aie.objectfifo.subview.access %16[0] : !aie.objectfifosubview<memref<16x16xi8>> -> memref<16x16xi8>
          scf.for %arg2 = %c0 to %c16 step %c1 {
            %c8 = arith.constant 8 : index
            scf.for %arg3 = %c0 to %c16 step %c8 {
              scf.for %arg4 = %c0 to %c16 step %c1 {
                %18 = vector.load %13[%arg2, %arg3] : memref<16x16xi32>, vector<8xi32>
                %19 = memref.load %15[%arg2, %arg4] : memref<16x16xi8>
                %20 = vector.load %17[%arg4, %arg3] : memref<16x16xi8>, vector<8xi8>
                %21 = arith.extsi %19 : i8 to i16
                %22 = arith.extsi %20 : vector<8xi8> to vector<8xi16>
                %23 = vector.broadcast %21 : i16 to vector<8xi16>
                %24 = arith.muli %23, %22 : vector<8xi16>
                %25 = arith.extsi %24 : vector<8xi16> to vector<8xi32>
                %26 = arith.addi %18, %25 : vector<8xi32>
                vector.store %26, %13[%arg2, %arg3] : memref<16x16xi32>, vector<8xi32>
              }
            }
          }
          aie.objectfifo.release @A1(Consume, 1)
          aie.objectfifo.release @B1(Consume, 1)
        }
        aie.objectfifo.release @C11(Produce, 1)
      }
      aie.end
    } {dynamic_objfifo_lowering = true, stack_size = 1024 : i32}
    aie.runtime_sequence @sequence(%arg0: memref<1024xi8>, %arg1: memref<1024xi8>, %arg2: memref<1024xi32>) {
      aiex.npu.dma_memcpy_nd(%arg0[0, 0, 0, 0][1, 2, 16, 16][0, 16, 32, 1]) {id = 0 : i64, metadata = @A0_L3} : memref<1024xi8>
      aiex.npu.dma_memcpy_nd(%arg1[0, 0, 0, 0][1, 1, 32, 16][0, 0, 32, 1]) {id = 1 : i64, metadata = @B0_L3} : memref<1024xi8>
      aiex.npu.dma_memcpy_nd(%arg0[0, 0, 0, 512][1, 2, 16, 16][0, 16, 32, 1]) {id = 0 : i64, metadata = @A1_L3} : memref<1024xi8>
      aiex.npu.dma_memcpy_nd(%arg1[0, 0, 0, 16][1, 1, 32, 16][0, 0, 32, 1]) {id = 1 : i64, metadata = @B1_L3} : memref<1024xi8>
      aiex.npu.dma_memcpy_nd(%arg2[0, 0, 0, 0][1, 1, 32, 16][0, 0, 32, 1]) {id = 2 : i64, metadata = @C0_L3, issue_token = true} : memref<1024xi32>
      aiex.npu.dma_memcpy_nd(%arg2[0, 0, 0, 16][1, 1, 32, 16][0, 0, 32, 1]) {id = 2 : i64, metadata = @C1_L3, issue_token = true} : memref<1024xi32>
      aiex.npu.dma_wait {symbol = @C0_L3}
      aiex.npu.dma_wait {symbol = @C1_L3}
    }
  }
}
