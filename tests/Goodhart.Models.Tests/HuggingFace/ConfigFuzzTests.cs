using System.Text;
using System.Text.RegularExpressions;
using Goodhart.Models.Tests.Safetensors;
using Goodhart.Testing;
using Xunit;

namespace Goodhart.Models.Tests.HuggingFace;

[Trait("Category", "Fuzz")]
public sealed partial class ConfigFuzzTests
{
    private static readonly string[] Splices =
        ["0", "-1", "1e9", "1e999", "\"", "{", "}", "[", "]", ",", "null", "true", "\\ud800", "\u00ff", "\"rope_scaling\":{\"type\":1},"];

    [Theory]
    [InlineData("b-sequential-f32-sharded")]
    [InlineData("c-parallel-bf16")]
    public void A_mutated_config_is_read_or_refused_but_never_anything_else(string folder)
    {
        string original = File.ReadAllText(GoldenFiles.PathOf("gptneox", folder, "policy", "config.json"));
        using ScratchFolder scratch = new();
        string path = scratch.PathOf("config.json");
        Random random = new(20240606);
        int refused = 0;
        for (int i = 0; i < Fuzz.Mutations; i++)
        {
            int at = random.Next(original.Length);
            int end = Math.Min(at + random.Next(0, 12), original.Length);
            string damaged = original[..at] + Splices[random.Next(Splices.Length)] + original[end..];
            File.WriteAllText(path, damaged);
            refused += Fuzz.Refuses<InvalidDataException>(
                i, Encoding.UTF8.GetBytes(damaged), 1 << 20, Place(), () => ModelConfig.Read(path)) ? 1 : 0;
        }

        Assert.InRange(refused, Fuzz.Mutations / 2, Fuzz.Mutations - 1);
    }

    [GeneratedRegex(@"config\.json: .")]
    private static partial Regex Place();
}
