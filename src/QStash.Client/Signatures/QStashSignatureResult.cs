namespace QStash.Client;

/// <summary>Outcome of a signature check. Anything but <see cref="Valid"/> means: do not touch the request.</summary>
public enum QStashSignatureResult
{
    /// <summary>There is no signature.</summary>
    Missing,

    /// <summary>The request comes from QStash, is meant for this URL, unchanged and recent.</summary>
    Valid,

    /// <summary>Not a compact JWS of the shape QStash makes, or too long.</summary>
    Malformed,

    /// <summary>The token is not declared as HS256.</summary>
    UnsupportedAlgorithm,

    /// <summary>Neither key made the signature.</summary>
    InvalidSignature,

    /// <summary>The issuer is not <c>Upstash</c>.</summary>
    InvalidIssuer,

    /// <summary>The token is meant for another URL.</summary>
    InvalidSubject,

    /// <summary>The token is too old.</summary>
    Expired,

    /// <summary>The token is not valid yet; compare the clocks.</summary>
    NotYetValid,

    /// <summary>The token stays valid for more than an hour from now; those of QStash live for 5 minutes.</summary>
    LifetimeTooLong,

    /// <summary>The body is not the one that was signed, or the token carries no hash.</summary>
    BodyMismatch,
}
