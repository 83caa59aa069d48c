using System.Text.RegularExpressions;
using System.Xml.Linq;
using Goodhart.Testing;
using Xunit;

namespace Goodhart.Engine.Tests;

/// <summary>Which project may know which: the table of the architecture document, held against the project files.</summary>
public sealed partial class ArchitectureTests
{
    private static readonly Dictionary<string, string[]> References = new()
    {
        ["Engine"] = [],
        ["Hub"] = [],
        ["Text"] = [],
        ["Pipeline"] = [],
        ["Engine.Cpu"] = ["Engine"],
        ["Engine.Torch"] = ["Engine"],
        ["Models"] = ["Engine", "Hub", "Text"],
        ["Alignment"] = ["Engine", "Models", "Text"],
        ["Evaluation"] = ["Alignment", "Engine", "Models", "Text"],
        ["Report"] = ["Pipeline"],
        ["Worlds"] = ["Alignment", "Engine", "Text"],
        ["Steps"] = ["Alignment", "Engine", "Evaluation", "Hub", "Models", "Pipeline", "Report", "Text", "Worlds"],
        ["Studies"] = ["Alignment", "Engine", "Evaluation", "Hub", "Models", "Pipeline", "Report", "Steps", "Text", "Worlds"],
        ["Serve"] = ["Evaluation", "Pipeline", "Report", "Steps", "Studies"],
        ["Cli"] =
        [
            "Alignment", "Engine", "Engine.Cpu", "Engine.Torch", "Evaluation", "Hub", "Models", "Pipeline", "Report", "Serve", "Steps",
            "Studies", "Text", "Worlds",
        ],
    };

    private static string Source => Path.Combine(Golden.Root, "src");

    [Fact]
    public void Projects_reference_what_the_table_says_and_nothing_else()
    {
        string[] Lines(IEnumerable<KeyValuePair<string, string[]>> table) =>
            [.. table.OrderBy(row => row.Key, StringComparer.Ordinal).Select(row => $"{row.Key} -> {string.Join(", ", row.Value)}")];

        Assert.Equal(Lines(References), Lines(Projects().ToDictionary(ShortName, ReferencesOf)));
    }

    /// <summary>A web server in every command would cost each of them time, and a framework that not everybody has.</summary>
    [Fact]
    public void Only_serve_has_the_web_framework()
    {
        string[] naming = [.. Projects().Where(project => XDocument.Load(project).Descendants("FrameworkReference").Any()).Select(ShortName)];
        Assert.Equal(["Serve"], naming);
        Assert.Contains(
            "<DisableTransitiveFrameworkReferences>true</",
            File.ReadAllText(Path.Combine(Source, "Goodhart.Cli", "Goodhart.Cli.csproj")),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Only_devices_may_be_unsafe()
    {
        Assert.Equal(["Engine.Cpu", "Engine.Torch"], Projects().Where(AllowsUnsafe).Select(ShortName));

        string[] elsewhere =
        [
            .. SourceFiles().Where(file => !file.StartsWith("Goodhart.Engine.Cpu/", StringComparison.Ordinal))
                .Where(file => !file.StartsWith("Goodhart.Engine.Torch/", StringComparison.Ordinal))
                .Where(file => UnsafeCode().IsMatch(File.ReadAllText(Path.Combine(Source, file)))),
        ];
        Assert.Empty(elsewhere);
    }

    [Fact]
    public void The_search_for_unsafe_code_finds_it() =>
        Assert.Contains(SourceFiles(), file => UnsafeCode().IsMatch(File.ReadAllText(Path.Combine(Source, file))));

    /// <summary>A new architecture is a folder of Models: nobody else asks which one a model is of.</summary>
    [Fact]
    public void Only_models_names_an_architecture()
    {
        string[] naming = [.. SourceFiles().Where(file => NamesAnArchitecture().IsMatch(File.ReadAllText(Path.Combine(Source, file))))];
        Assert.Contains(naming, file => file.StartsWith("Goodhart.Models/", StringComparison.Ordinal));
        Assert.DoesNotContain(naming, file => !file.StartsWith("Goodhart.Models/", StringComparison.Ordinal));
    }

    /// <summary>Everybody else computes on an <see cref="IDevice"/> and does not ask whose.</summary>
    [Fact]
    public void Only_its_device_and_the_command_line_name_libtorch()
    {
        string[] naming =
        [
            .. SourceFiles().Where(
                file => File.ReadAllText(Path.Combine(Source, file)).Contains("libtorch", StringComparison.OrdinalIgnoreCase)),
        ];
        Assert.Contains(naming, file => file.StartsWith("Goodhart.Engine.Torch/", StringComparison.Ordinal));
        Assert.Contains(naming, file => file.StartsWith("Goodhart.Cli/", StringComparison.Ordinal));
        Assert.All(naming, file => Assert.Matches("^Goodhart[.](Engine[.]Torch|Cli)/", file));
    }

    private static string[] Projects() =>
        [.. Directory.GetFiles(Source, "*.csproj", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];

    private static IEnumerable<string> SourceFiles() =>
        Directory.EnumerateFiles(Source, "*.cs", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Source, path).Replace('\\', '/'));

    private static string ShortName(string projectFile) => Path.GetFileNameWithoutExtension(projectFile)["Goodhart.".Length..];

    private static string[] ReferencesOf(string projectFile) =>
    [
        .. XDocument.Load(projectFile).Descendants("ProjectReference")
            .Select(reference => ShortName(((string)reference.Attribute("Include")!).Replace('\\', '/')))
            .Order(StringComparer.Ordinal),
    ];

    private static bool AllowsUnsafe(string projectFile) =>
        XDocument.Load(projectFile).Descendants("AllowUnsafeBlocks").Any(element => bool.Parse(element.Value));

    /// <summary>The keyword, not the word inside a string or a comment ('unsafe-inline').</summary>
    [GeneratedRegex(@"^[^""/\n]*\bunsafe\b", RegexOptions.Multiline)]
    private static partial Regex UnsafeCode();

    /// <summary>A type, a namespace or a model type of config.json.</summary>
    [GeneratedRegex("GptNeoX|GPTNeoX|gpt_neox|PythiaModel|PlainLlama|Models[.]Llama|Llama(Model|Config|Layer)")]
    private static partial Regex NamesAnArchitecture();
}
