using System.Reflection;

namespace MassTransit.QStash.Analyzers.Tests;

/// <summary>The analyzers run in the compiler, and cannot ask the transport.</summary>
public class A_private_address
{
    const BindingFlags Hidden = BindingFlags.NonPublic | BindingFlags.Public | BindingFlags.Static;

    static readonly Type Analyzers = typeof(AddressAnalyzer).Assembly.GetType("MassTransit.QStash.Analyzers.PublicHost", throwOnError: true)!;

    static readonly Type Transport =
        typeof(QStashTransportOptions).Assembly.GetType("MassTransit.QStashTransport.Addresses.PublicAddress", throwOnError: true)!;

    [Fact]
    public void Has_the_same_endings_for_the_analyzers_and_for_the_transport() =>
        Assert.Equal(Endings(Transport).Order(), Endings(Analyzers).Order());

    [Theory]
    [InlineData("https://localhost", true)]
    [InlineData("https://LOCALHOST.", true)]
    [InlineData("https://orders", true)]
    [InlineData("https://orders.internal.", true)]
    [InlineData("https://orders.internal.example.com", false)]
    [InlineData("https://internal.com", false)]
    [InlineData("https://0.0.0.0", true)]
    [InlineData("https://10.255.0.1", true)]
    [InlineData("https://11.0.0.1", false)]
    [InlineData("https://100.63.0.1", false)]
    [InlineData("https://100.64.0.1", true)]
    [InlineData("https://100.127.255.255", true)]
    [InlineData("https://100.128.0.1", false)]
    [InlineData("https://127.1.2.3", true)]
    [InlineData("https://169.254.169.254", true)]
    [InlineData("https://172.15.0.1", false)]
    [InlineData("https://172.31.0.1", true)]
    [InlineData("https://172.32.0.1", false)]
    [InlineData("https://192.168.0.1", true)]
    [InlineData("https://192.169.0.1", false)]
    [InlineData("https://[::]", true)]
    [InlineData("https://[::1]", true)]
    [InlineData("https://[::2]", false)]
    [InlineData("https://[fe80::1]", true)]
    [InlineData("https://[fd00::1]", true)]
    [InlineData("https://[2001:db8::1]", false)]
    [InlineData("https://[::ffff:10.0.0.1]", true)]
    [InlineData("https://[::ffff:8.8.8.8]", false)]
    [InlineData("https://größe.internal", true)]
    public void Is_the_same_for_both(string address, bool isPrivate)
    {
        Assert.Equal(isPrivate, IsPrivate(Transport, address));
        Assert.Equal(isPrivate, IsPrivate(Analyzers, address));
    }

    static string[] Endings(Type type) => (string[])type.GetField("PrivateSuffixes", Hidden)!.GetValue(null)!;

    static bool IsPrivate(Type type, string address) =>
        (bool)type.GetMethod("IsPrivate", Hidden, [typeof(Uri)])!.Invoke(null, [new Uri(address)])!;
}
