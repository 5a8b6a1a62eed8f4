using System.Buffers.Text;
using System.Security.Cryptography;
using MassTransit.QStashTransport.Incoming;
using Microsoft.AspNetCore.Http;
using QStash.Client;
using QStash.Emulator;

namespace MassTransit.QStash.Tests;

/// <summary>What it would take minutes of traffic to see over HTTP: how long a token is bound to its headers.</summary>
public class A_token_and_its_headers
{
    const string Id = "Upstash-Message-Id";
    const string Retried = "Upstash-Retried";
    const int Most = 128 * 1024;

    readonly VirtualClock _clock = new();
    readonly HeaderBinding _binding;

    public A_token_and_its_headers() => _binding = new HeaderBinding(_clock);

    [Fact]
    public void Stay_together_until_five_minutes_after_the_token_expires()
    {
        Assert.True(Admits(1, "a"));

        _clock.Advance(TimeSpan.FromMinutes(10) - TimeSpan.FromTicks(1));
        Assert.True(Admits(2, "a"));
        Assert.False(Admits(1, "b"));

        _clock.Advance(TimeSpan.FromTicks(1));
        Assert.True(Admits(3, "a"));
        Assert.True(Admits(1, "b"));
    }

    [Fact]
    public void Stay_together_until_there_are_too_many_others()
    {
        for (var token = 0; token < Most; token++)
            Assert.True(Admits(token, "a"));

        Assert.False(Admits(0, "b"));

        Assert.True(Admits(Most, "a"));
        Assert.True(Admits(0, "b"));
        Assert.False(Admits(2, "b"));
    }

    [Fact]
    public void Include_an_encoding_that_a_middleware_has_taken_away()
    {
        Assert.True(Admits(1, "a", "gzip"));

        Assert.False(Admits(1, "a", "abcd"));
        Assert.False(Admits(1, "a", ""));
        Assert.True(Admits(1, "a", "gzip"));
    }

    [Fact]
    public void Are_compared_header_by_header_and_value_by_value()
    {
        Assert.True(Admits(1, new HeaderDictionary { [Id] = "a", [Retried] = "b" }));
        Assert.False(Admits(1, new HeaderDictionary { [Id] = new(["a", "b"]) }));
        Assert.False(Admits(1, new HeaderDictionary { [Id] = "b", [Retried] = "a" }));

        Assert.True(Admits(2, new HeaderDictionary { [Id] = new(["a", "b"]) }));
        Assert.False(Admits(2, new HeaderDictionary { [Id] = "ab" }));
        Assert.False(Admits(2, new HeaderDictionary { [Id] = new(["b", "a"]) }));
        Assert.True(Admits(2, new HeaderDictionary { [Id] = new(["a", "b"]) }));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2_040)]
    [InlineData(2_048)]
    [InlineData(5_000)]
    [InlineData(30_000)]
    public void Are_compared_to_their_ends(int length)
    {
        var text = new string('x', length);

        Assert.True(Admits(1, text + "a"));
        Assert.False(Admits(1, text + "b"));
        Assert.False(Admits(1, "y" + text[..^Math.Min(1, length)] + "a"));
        Assert.True(Admits(1, text + "a"));
    }

    bool Admits(int token, string messageId, string contentEncoding = "") =>
        Admits(token, new HeaderDictionary { [Id] = messageId }, contentEncoding);

    bool Admits(int token, HeaderDictionary headers, string contentEncoding = "")
    {
        var signature = $"header.claims.{Base64Url.EncodeToString(SHA256.HashData(BitConverter.GetBytes(token)))}";
        var identity = new QStashTokenIdentity(null, _clock.GetUtcNow() + TimeSpan.FromMinutes(5));

        return _binding.Admits(signature, identity, BoundHeaders.Of([.. headers]), contentEncoding);
    }
}
