using System.Text;
using QStash.Emulator.Storage;

namespace QStash.Emulator.Dashboard;

/// <summary>
/// Finds messages by a text, ignoring case. It searches id, URL, group, queue, flow control key, labels, headers and body; the body has the
/// types and ids of an envelope. Redacted parts are not found.
/// </summary>
sealed class TextSearch(string text)
{
    readonly byte[] _bytes = Encoding.UTF8.GetBytes(text);

    public bool Matches(Message message)
    {
        if (Contains(message.Id) || Contains(message.Target.Url) || Contains(message.Target.TopicName) || Contains(message.Queue?.Name)
            || Contains(message.FlowControl?.Name) || message.Spec.Labels.Any(Contains))
        {
            return true;
        }

        var spec = message.Spec.Redacted;
        return spec.Headers.Values.Any(values => values.Any(Contains)) || Contains(spec.Body);
    }

    bool Contains(string? value) => value?.Contains(text, StringComparison.OrdinalIgnoreCase) is true;

    /// <summary>Letters of ASCII in any case, everything else as it is.</summary>
    bool Contains(ReadOnlySpan<byte> body)
    {
        var (lower, upper) = ((byte)char.ToLowerInvariant((char)_bytes[0]), (byte)char.ToUpperInvariant((char)_bytes[0]));
        if (_bytes[0] >= 0x80)
            return body.IndexOf(_bytes) >= 0;

        while (body.Length >= _bytes.Length)
        {
            var next = body[..(body.Length - _bytes.Length + 1)].IndexOfAny(lower, upper);
            if (next < 0)
                return false;

            body = body[next..];
            if (EqualsIgnoreCase(body[.._bytes.Length]))
                return true;

            body = body[1..];
        }

        return false;
    }

    bool EqualsIgnoreCase(ReadOnlySpan<byte> found)
    {
        for (var i = 0; i < found.Length; i++)
        {
            if (found[i] != _bytes[i] && !(found[i] < 0x80 && _bytes[i] < 0x80
                && char.ToLowerInvariant((char)found[i]) == char.ToLowerInvariant((char)_bytes[i])))
                return false;
        }

        return true;
    }
}
