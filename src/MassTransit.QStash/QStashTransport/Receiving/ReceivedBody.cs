namespace MassTransit.QStashTransport.Receiving;

/// <summary>The raw body of a request.</summary>
/// <param name="Bytes">The body; it belongs to the message, whose context may outlive the request.</param>
/// <param name="Sha256">Its hash.</param>
readonly record struct ReceivedBody(byte[] Bytes, BodyHash Sha256);
