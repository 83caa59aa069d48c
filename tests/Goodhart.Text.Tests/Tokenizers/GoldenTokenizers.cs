using System.IO.Compression;
using System.Text.Json;
using Goodhart.Text.Tokenizers;

namespace Goodhart.Text.Tests.Tokenizers;

/// <summary>The reference tokenizers and cases under tests/golden/tokenizer, unpacked once into a temporary folder.</summary>
internal static class GoldenTokenizers
{
    private static readonly string Root = Locate();
    private static readonly Lazy<string> PythiaCopy = new(UnpackPythia);
    private static readonly Lazy<ITokenizer> Opened = new(() => TokenizerFile.Open(PythiaFolder));

    public static string PythiaFolder => PythiaCopy.Value;

    public static ITokenizer Pythia => Opened.Value;

    /// <summary>A small tokenizer.json of another style; see make.mjs.</summary>
    public static string Variant(string name) => File.ReadAllText(Path.Combine(Root, "variants", $"{name}.json"));

    public static IEnumerable<JsonElement> Cases(string relative)
    {
        using Stream file = File.OpenRead(Path.Combine(Root, relative));
        using Stream plain = relative.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionMode.Decompress) : file;
        using StreamReader reader = new(plain);
        while (reader.ReadLine() is string line)
        {
            using JsonDocument json = JsonDocument.Parse(line);
            yield return json.RootElement.Clone();
        }
    }

    public static string Text(this JsonElement golden, string key) => golden.GetProperty(key).GetString()!;

    public static int[] Ids(this JsonElement golden) => [.. golden.GetProperty("ids").EnumerateArray().Select(id => id.GetInt32())];

    private static string UnpackPythia()
    {
        string folder = Directory.CreateTempSubdirectory("goodhart-pythia").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
        using Stream packed = new GZipStream(File.OpenRead(Path.Combine(Root, "pythia", "tokenizer.json.gz")), CompressionMode.Decompress);
        using FileStream file = File.Create(Path.Combine(folder, "tokenizer.json"));
        packed.CopyTo(file);
        File.Copy(Path.Combine(Root, "pythia", "tokenizer_config.json"), Path.Combine(folder, "tokenizer_config.json"));
        return folder;
    }

    private static string Locate()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Goodhart.slnx")))
            {
                return Path.Combine(folder.FullName, "tests", "golden", "tokenizer");
            }
        }

        throw new DirectoryNotFoundException($"No folder above {AppContext.BaseDirectory} holds Goodhart.slnx.");
    }
}
