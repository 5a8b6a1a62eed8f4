namespace QStash.Client;

/// <summary>Outcome of a signature check. For any value except <see cref="Valid"/>, do not process the request.</summary>
public enum QStashSignatureResult
{
    /// <summary>There is no signature.</summary>
    Missing,

    /// <summary>The request comes from QStash, is meant for this URL, unchanged and recent.</summary>
    Valid,

    /// <summary>The token is not a compact JWS in the form of QStash, or is too long.</summary>
    Malformed,

    /// <summary>The token is not declared as HS256.</summary>
    UnsupportedAlgorithm,

    /// <summary>The signature was made with neither of the keys.</summary>
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

    /// <summary>The body is not the signed one, or the token has no hash.</summary>
    BodyMismatch,
}
