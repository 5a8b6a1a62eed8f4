using Microsoft.AspNetCore.Http;

namespace MassTransit.QStashTransport.Incoming;

/// <summary>
/// A delivery as the server got it, before the application's own middleware.
/// </summary>
/// <param name="response">The response to it.</param>
/// <param name="contentEncoding">The encoding of the body; empty for none. The header is removed from the request.</param>
sealed class UntouchedDelivery(HttpResponse response, string contentEncoding)
{
    public string ContentEncoding => contentEncoding;

    HttpResponse Response => response;

    /// <summary>The answer, once it is known.</summary>
    public FinalAnswer? Answer { get; set; }

    /// <summary>Undoes what the application did to the answer.</summary>
    /// <param name="untouchedDelivery">The delivery.</param>
    public static Task ApplyAnswer(object untouchedDelivery)
    {
        var delivery = (UntouchedDelivery)untouchedDelivery;
        delivery.Answer?.ApplyTo(delivery.Response);

        return Task.CompletedTask;
    }
}
