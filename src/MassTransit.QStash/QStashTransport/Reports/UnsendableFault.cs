using System.Net;
using System.Runtime.Serialization;
using System.Text.Json;
using QStash.Client;

namespace MassTransit.QStashTransport.Reports;

/// <summary>
/// Tells the failures to send a fault that would come again at each attempt. A fault contains the message, so it may be too large, or not
/// serializable. And the address in the message may be none on QStash, such as one of another transport.
/// </summary>
static class UnsendableFault
{
    public static bool Is(Exception failure) => failure is MessageException or SerializationException or JsonException
        or NotSupportedException or ArgumentException or EndpointNotFoundException
        or QStashException { StatusCode: HttpStatusCode.BadRequest or HttpStatusCode.RequestEntityTooLarge };
}
