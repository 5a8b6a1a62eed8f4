using System.Text;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace MassTransit.QStash.Analyzers.Tests.Support;

/// <summary>
/// One row of a rule's table: a few statements, and after a line with <c>---</c> the members beside their method. What the rule
/// has to report is marked: <c>{|QSTASH001:…|}</c>.
/// </summary>
static partial class Row
{
    const string Usings = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Net.Http;
        global using System.Net.Http.Headers;
        global using System.Security.Cryptography;
        global using System.Text;
        global using System.Text.Json;
        global using System.Threading;
        global using System.Threading.Tasks;
        global using MassTransit;
        global using Microsoft.AspNetCore.Builder;
        global using Microsoft.AspNetCore.Http;
        global using Microsoft.AspNetCore.Mvc;
        global using Microsoft.AspNetCore.Routing;
        global using Microsoft.Extensions.Configuration;
        global using Microsoft.Extensions.DependencyInjection;
        global using Microsoft.Extensions.Hosting;
        global using Microsoft.Extensions.Logging;
        global using QStash.Client;
        """;

    /// <summary>A compilation with all libraries and no code.</summary>
    public static CSharpCompilation Empty { get; } = CSharpCompilation.Create(
        "Row",
        [CSharpSyntaxTree.ParseText(Usings)],
        ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Select(path => MetadataReference.CreateFromFile(path)),
        new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Disable));

    /// <summary>What is reported is what is marked, no more and no less.</summary>
    public static async Task IsJudgedAsync<TAnalyzer>(string row, params (string Name, string Value)[] properties)
        where TAnalyzer : DiagnosticAnalyzer, new()
    {
        var (code, expected) = Read(Wrap(row));
        var compilation = Empty.AddSyntaxTrees(CSharpSyntaxTree.ParseText(code, path: "Row.cs",
            cancellationToken: Cancellation));
        Assert.DoesNotContain(compilation.GetDiagnostics(Cancellation), diagnostic =>
            diagnostic.Severity == DiagnosticSeverity.Error);

        Assert.Equal(expected, await ReportedAsync(compilation, new TAnalyzer(), code, properties));
    }

    /// <summary>A row that is right has no marks.</summary>
    public static Task IsLeftAloneAsync<TAnalyzer>(string row, params (string Name, string Value)[] properties)
        where TAnalyzer : DiagnosticAnalyzer, new()
    {
        Assert.DoesNotContain("{|", row, StringComparison.Ordinal);
        return IsJudgedAsync<TAnalyzer>(row, properties);
    }

    /// <summary>A row that is wrong has at least one.</summary>
    public static Task IsReportedAsync<TAnalyzer>(string row, params (string Name, string Value)[] properties)
        where TAnalyzer : DiagnosticAnalyzer, new()
    {
        Assert.Contains("{|", row, StringComparison.Ordinal);
        return IsJudgedAsync<TAnalyzer>(row, properties);
    }

    static async Task<IEnumerable<string>> ReportedAsync(Compilation compilation, DiagnosticAnalyzer analyzer, string code,
        (string Name, string Value)[] properties)
    {
        var options = new AnalyzerOptions([],
            new BuildProperties(properties.ToDictionary(property => "build_property." + property.Name, property => property.Value)));
        var reported = await compilation.WithAnalyzers([analyzer], options)
            .GetAnalyzerDiagnosticsAsync(Cancellation);
        return reported
            .OrderBy(diagnostic => diagnostic.Location.SourceSpan.Start).ThenByDescending(diagnostic => diagnostic.Location.SourceSpan.End)
            .Select(diagnostic => Show(diagnostic.Id, code, diagnostic.Location.SourceSpan));
    }

    static string Show(string id, string code, TextSpan span) => $"{id} at {span}: {code.Substring(span.Start, span.Length)}";

    /// <summary>The file a row is part of, with its marks.</summary>
    public static string Wrap(string row)
    {
        var parts = row.Split("\n---\n");
        return $$"""
            class Row
            {
                async Task RunAsync(
                    IQStashBusFactoryConfigurator cfg, IQStashHostConfigurator h, IQStashSchedulesConfigurator s, IPublishEndpoint publish, ISendEndpoint send, IBus bus,
                    ConsumeContext context, IQStashClient client, WebApplication app, QStashSignatureVerifier verifier, IHostEnvironment environment, IConfiguration config,
                    ILogger log, HttpClient http, string a, string b, int port, CancellationToken stopping)
                {
                    {{parts[0]}}
                    await Task.Yield();
                }
                {{(parts.Length > 1 ? parts[1] : "")}}
            }
            record Order(string Id);
            """;
    }

    static (string Code, List<string> Expected) Read(string marked)
    {
        var code = new StringBuilder();
        var open = new Stack<(string Id, int Start)>();
        var spans = new List<(string Id, TextSpan Span)>();
        var last = 0;
        foreach (Match mark in Mark().Matches(marked))
        {
            code.Append(marked, last, mark.Index - last);
            last = mark.Index + mark.Length;
            if (mark.Groups["id"].Success)
            {
                open.Push((mark.Groups["id"].Value, code.Length));
            }
            else
            {
                var (id, start) = open.Pop();
                spans.Add((id, TextSpan.FromBounds(start, code.Length)));
            }
        }

        var text = code.Append(marked, last, marked.Length - last).ToString();
        return (text, [.. spans.OrderBy(span => span.Span.Start).ThenByDescending(span => span.Span.End)
            .Select(span => Show(span.Id, text, span.Span))]);
    }

    [GeneratedRegex(@"\{\|(?<id>QSTASH\d+):|\|\}")]
    private static partial Regex Mark();
}
