using Goodhart.Models.HuggingFace;
using Goodhart.Models.Tests.Safetensors;
using Xunit;

namespace Goodhart.Models.Tests.HuggingFace;

public sealed class ConfigFuzzTests
{
    private const int Mutations = 400;

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
        for (int i = 0; i < Mutations; i++)
        {
            int at = random.Next(original.Length);
            int end = Math.Min(at + random.Next(0, 12), original.Length);
            File.WriteAllText(path, original[..at] + Splices[random.Next(Splices.Length)] + original[end..]);
            try
            {
                GptNeoXConfigReader.Read(path);
            }
            catch (InvalidDataException e)
            {
                Assert.StartsWith(path, e.Message, StringComparison.Ordinal);
                refused++;
            }
        }

        Assert.InRange(refused, Mutations / 2, Mutations - 1);
    }
}
