// What host programs use of XRT, so that a compiler can check them where XRT is not installed.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>

#define XCL_BO_FLAGS_CACHEABLE (1u << 24)
#define XRT_BO_FLAGS_HOST_ONLY (1u << 29)

enum xclBOSyncDirection { XCL_BO_SYNC_BO_TO_DEVICE, XCL_BO_SYNC_BO_FROM_DEVICE };

namespace xrt {

struct uuid {};

struct xclbin {
  explicit xclbin(const std::string &path);
  uuid get_uuid() const;
};

struct device {
  explicit device(unsigned int index);
  uuid register_xclbin(const xclbin &given);
};

struct hw_context {
  hw_context(const device &on, const uuid &of);
};

struct run {
  int wait() const;
};

struct bo {
  bo(const device &on, size_t size, uint32_t flags, uint32_t group);
  template <typename Mapped> Mapped map();
  void sync(xclBOSyncDirection direction);
};

struct kernel {
  kernel(const hw_context &in, const std::string &name);
  int group_id(int argument) const;
  template <typename... Arguments> run operator()(Arguments &&...arguments);
};

} // namespace xrt
