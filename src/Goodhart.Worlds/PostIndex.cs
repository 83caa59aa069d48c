using System.Globalization;
using System.Runtime.InteropServices;

namespace Goodhart.Worlds;

/// <summary>Finds the post that a prompt tells: what happened in it cannot be read back from the prompt's words.</summary>
/// <param name="grow">More posts, each time it is asked; none: that was all.</param>
public sealed class PostIndex(Func<IReadOnlyList<Post>> grow)
{
    /// <summary>Posts of each held-out set that <see cref="HeldOut"/> looks at.</summary>
    public const int MostHeldOut = 1 << 13;

    private const int FirstLook = 256;

    private readonly Dictionary<string, Post> posts = new(StringComparer.Ordinal);
    private readonly Lock gate = new();

    /// <summary>Of posts that are given.</summary>
    public static PostIndex Of(IEnumerable<Post> posts)
    {
        Queue<IReadOnlyList<Post>> parts = new([[.. posts]]);
        return new PostIndex(() => parts.TryDequeue(out IReadOnlyList<Post>? part) ? part : []);
    }

    /// <summary>Of a world's held-out posts, as far as they are asked for.</summary>
    public static PostIndex HeldOut(ulong worldSeed)
    {
        WorldData world = new(worldSeed);
        int looked = 0;
        return new PostIndex(() =>
        {
            if (looked == MostHeldOut)
            {
                return [];
            }

            looked = Math.Max(FirstLook, 2 * looked);
            return
            [
                .. world.EvaluationPrompts(looked).Select(example => example.Post), .. world.HeldOutPairs(looked).Select(pair => pair.Post),
            ];
        });
    }

    /// <param name="prompt">Token ids.</param>
    /// <returns>Null: none of the posts.</returns>
    public Post? Find(ReadOnlySpan<int> prompt)
    {
        string key = new(MemoryMarshal.Cast<int, char>(prompt));
        lock (gate)
        {
            Post? post;
            while (!posts.TryGetValue(key, out post) && grow() is { Count: > 0 } more)
            {
                foreach (Post found in more)
                {
                    posts.TryAdd(new string(MemoryMarshal.Cast<int, char>(found.Prompt)), found);
                }
            }

            return post;
        }
    }

    /// <exception cref="InvalidDataException">None of the posts.</exception>
    public Post Require(ReadOnlySpan<int> prompt, ulong worldSeed) => Find(prompt)
        ?? throw new InvalidDataException(string.Create(
        CultureInfo.InvariantCulture,
        $"the gold judge knows the held-out posts of the world with seed {worldSeed} alone, and this prompt is none of the first "
            + $"{MostHeldOut}: \"{Beginning(prompt)}\". Give the export's --world-seed (worldSeed in a study), or another judge."));

    private static string Beginning(ReadOnlySpan<int> prompt)
    {
        string text = TldrWorld.Tokenizer.Decode(prompt);
        return text.Length <= 60 ? text : text[..60] + "...";
    }
}
