use std::{fmt, sync::Arc};

/// Why a value is not there.
#[derive(Debug)]
pub enum LoadError<E> {
    /// The provider's own error, shared by everybody who waited for the key.
    Provider(Arc<E>),
    /// The provider panicked; the text is the panic's message.
    Panicked(Arc<str>),
    /// The cache was closed before the value arrived.
    Closed,
}

// Not derived: a derive would ask for `E: Clone`, which an `Arc` does not need.
impl<E> Clone for LoadError<E> {
    fn clone(&self) -> Self {
        match self {
            Self::Provider(error) => Self::Provider(Arc::clone(error)),
            Self::Panicked(message) => Self::Panicked(Arc::clone(message)),
            Self::Closed => Self::Closed,
        }
    }
}

impl<E: fmt::Display> fmt::Display for LoadError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Provider(error) => error.fmt(f),
            Self::Panicked(message) => write!(f, "the loader panicked: {message}"),
            Self::Closed => f.write_str("the cache is closed"),
        }
    }
}

impl<E: fmt::Debug + fmt::Display> std::error::Error for LoadError<E> {}

/// The message of a caught panic.
pub(super) fn panic_message(payload: &(dyn std::any::Any + Send)) -> Arc<str> {
    let text = payload
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| payload.downcast_ref::<String>().map(String::as_str));
    text.unwrap_or("no message").into()
}
