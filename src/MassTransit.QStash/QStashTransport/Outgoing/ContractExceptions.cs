using System.Text.Json;
using MassTransit.Courier.Contracts;
using MassTransit.Events;
using MassTransit.Serialization;

namespace MassTransit.QStashTransport.Outgoing;

/// <summary>
/// Makes sure that MassTransit's own messages about a failure can be sent: faults, and events of routing slips and jobs. They describe an
/// exception with everything in its <see cref="Exception.Data"/>, which may be of any type, and with all its inner exceptions. Otherwise
/// nobody would hear of the failure, and an error about the serialization would take its place.
/// </summary>
static class ContractExceptions
{
    // JSON is read and written down to 64 levels.
    const int MaxDepth = 16;

    /// <summary>Removes what cannot be serialized from the exceptions that a message describes.</summary>
    /// <param name="message">Any message. Messages of the application stay unchanged.</param>
    public static void Clean<T>(T message)
        where T : class
    {
        if (typeof(T).Assembly != typeof(RoutingSlip).Assembly)
            return;

        foreach (var property in message.GetType().GetProperties())
        {
            if (property.PropertyType == typeof(ExceptionInfo))
                Clean((ExceptionInfo?)property.GetValue(message));
            else if (typeof(IEnumerable<ExceptionInfo>).IsAssignableFrom(property.PropertyType))
                CleanAll((IEnumerable<ExceptionInfo>?)property.GetValue(message));
            else if (typeof(IEnumerable<ActivityException>).IsAssignableFrom(property.PropertyType))
                CleanAll(((IEnumerable<ActivityException>?)property.GetValue(message))?.Select(activity => activity.ExceptionInfo));
        }
    }

    static void CleanAll(IEnumerable<ExceptionInfo>? exceptions)
    {
        foreach (var exception in exceptions ?? [])
            Clean(exception);
    }

    // MassTransit makes these objects for the message, so they may be changed.
    static void Clean(ExceptionInfo? exception)
    {
        for (var depth = 1; exception is FaultExceptionInfo info; depth++)
        {
            if (info.Data is { Count: > 0 } data && !IsSerializable(data))
                info.Data = data.Where(entry => IsSerializable(entry.Value)).ToDictionary();
            if (depth == MaxDepth)
                info.InnerException = null;

            exception = info.InnerException;
        }
    }

    static bool IsSerializable(object? value)
    {
        try
        {
            _ = JsonSerializer.SerializeToUtf8Bytes(value, SystemTextJsonMessageSerializer.Options);

            return true;
        }
        catch (Exception)
        {
            // It may also be a property that throws.
            return false;
        }
    }
}
