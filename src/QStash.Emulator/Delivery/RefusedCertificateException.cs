using System.Security.Authentication;

namespace QStash.Emulator.Delivery;

/// <summary>The certificate of a destination is refused. The text says why, and what to do.</summary>
sealed class RefusedCertificateException(string message) : AuthenticationException(message);
