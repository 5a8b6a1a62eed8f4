using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Testing;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Testing;

namespace MassTransit.QStash.Analyzers.Tests.Support;

/// <summary>
/// Compiles code against the real libraries and compares what is reported with the marks in it: <c>{|QSTASH001:…|}</c>.
/// </summary>
static class Verify
{
    const string Usings = """
        using System;
        using System.IO;
        using System.Net.Http;
        using System.Text;
        using System.Text.Json;
        using System.Threading.Tasks;
        using MassTransit;
        using Microsoft.AspNetCore.Builder;
        using Microsoft.AspNetCore.Http;
        using Microsoft.AspNetCore.Mvc;
        using QStash.Client;

        """;

    // What the tests run on is what the code is compiled against; no packages are fetched.
    static readonly ReferenceAssemblies NoPackages = new("net10.0");
    static readonly MetadataReference[] Libraries =
        [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Select(path => MetadataReference.CreateFromFile(path))];

    /// <summary>Statements of a method that has whatever it needs.</summary>
    public static Task StatementsAsync<TAnalyzer>(string statements, string? fixedStatements = null)
        where TAnalyzer : DiagnosticAnalyzer, new() =>
        StatementsAsync<TAnalyzer, EmptyCodeFixProvider>(statements, fixedStatements);

    /// <inheritdoc cref="StatementsAsync{TAnalyzer}(string, string?)"/>
    public static Task StatementsAsync<TAnalyzer, TCodeFix>(string statements, string? fixedStatements)
        where TAnalyzer : DiagnosticAnalyzer, new()
        where TCodeFix : CodeFixProvider, new() =>
        CodeAsync<TAnalyzer, TCodeFix>(Method(statements), fixedStatements is null ? null : Method(fixedStatements));

    public static Task CodeAsync<TAnalyzer>(string code, params (string Name, string Value)[] properties)
        where TAnalyzer : DiagnosticAnalyzer, new() =>
        CodeAsync<TAnalyzer, EmptyCodeFixProvider>(code, null, properties);

    static async Task CodeAsync<TAnalyzer, TCodeFix>(string code, string? fixedCode, params (string Name, string Value)[] properties)
        where TAnalyzer : DiagnosticAnalyzer, new()
        where TCodeFix : CodeFixProvider, new()
    {
        var test = new CSharpCodeFixTest<TAnalyzer, TCodeFix, DefaultVerifier>
        {
            TestCode = Usings + code,
            ReferenceAssemblies = NoPackages,
            CompilerDiagnostics = CompilerDiagnostics.Errors,
        };
        test.TestState.AdditionalReferences.AddRange(Libraries);
        test.TestState.AnalyzerConfigFiles.Add(("/.globalconfig",
            "is_global = true\n" + string.Join('\n', properties.Select(property => $"build_property.{property.Name} = {property.Value}"))));
        if (fixedCode is not null)
            test.FixedCode = Usings + fixedCode;

        await test.RunAsync(Cancellation);
    }

    static string Method(string statements) => $$"""
        class Service
        {
            async Task RunAsync(
                IQStashBusFactoryConfigurator cfg, IQStashHostConfigurator h, IQStashSchedulesConfigurator s, IPublishEndpoint publish, ISendEndpoint send, ConsumeContext context, IQStashClient client,
                WebApplication app, QStashSignatureVerifier verifier, string a, string b, int port)
            {
                {{statements.ReplaceLineEndings("\n        ")}}
                await Task.Yield();
            }
        }
        """;
}
