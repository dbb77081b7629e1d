export const vi = {
  "signin.title": "Đăng nhập",
  "signin.username": "Tên đăng nhập",
  "signin.password": "Mật khẩu",
  "signin.submit": "Đăng nhập",
  "update.waiting": "Có bản mới của ứng dụng.",
  "update.now": "Cập nhật",
};
