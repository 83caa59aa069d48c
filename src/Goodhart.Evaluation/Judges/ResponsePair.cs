using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Goodhart.Evaluation.Judges;

/// <summary>A response as a judge sees it.</summary>
/// <param name="Text">Without EOS.</param>
/// <param name="Finished">Whether the model ended it; false where it ran into the length limit.</param>
public sealed record JudgedResponse(string Text, bool Finished = true)
{
    /// <summary>As it was written, spaces around it included: what a model's tokenizer read.</summary>
    public string Raw { get; init; } = Text;

    /// <summary>A judge sees no spaces around it.</summary>
    public static JudgedResponse Of(string raw, bool finished = true) => new(raw.Trim(), finished) { Raw = raw };
}

/// <summary>A prompt with two responses to compare.</summary>
/// <param name="Sample">Which of several pairs of the same prompt, from 0.</param>
/// <param name="Repeat">0, or which further time the same pair is put to the same judge (test-retest).</param>
public sealed record ResponsePair(string Prompt, JudgedResponse A, JudgedResponse B, int Sample = 0, int Repeat = 0)
{
    /// <summary>Whether a chat template wrote the prompt, with every special token that belongs in it.</summary>
    public bool WrittenByTemplate { get; init; }

    /// <summary>Follows from the prompt's and the responses' text alone, so that it means the same in every run.</summary>
    public string Id => string.Create(
        CultureInfo.InvariantCulture,
        $"{PromptId(Prompt)}/{Sample}/"
            + $"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{A.Text}\0{B.Text}")).AsSpan(0, 4))}");

    public bool IsIdentical => A.Text == B.Text && A.Finished == B.Finished;

    /// <summary>A prompt's name: 16 hexadecimal digits of its SHA-256.</summary>
    public static string PromptId(string prompt) => Address(prompt).ToString("x16", CultureInfo.InvariantCulture);

    /// <summary>A prompt's address for random streams: by its content, so neither files nor their order matter.</summary>
    public static ulong Address(string prompt) =>
        System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(prompt)));
}
