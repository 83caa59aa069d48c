using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Goodhart.Text.Chat.Safety;

/// <summary>
/// What one render may use. Everything is counted, so that a template ends at the same place on every machine; a clock stands behind the
/// counts only for what they do not foresee.
/// </summary>
/// <param name="inputSize">Characters of the conversation and of all other variables: long input may take more.</param>
internal sealed class Budget(long inputSize)
{
    public const int MostCharacters = 64 << 20;
    public const int DeepestCalls = 200;
    public const int DeepestValue = 200;
    public const int DeepestEvaluation = 3000;
    public const int LongestRange = 100_000;
    private const int LongestSeconds = 30;
    private const long FewestSteps = 10_000_000;
    private const long StepsPerCharacter = 200;

    private readonly long mostSteps = FewestSteps + (StepsPerCharacter * inputSize);
    private readonly long mostCharacters = MostCharacters + (16 * inputSize);
    private readonly long started = Stopwatch.GetTimestamp();
    private long steps;
    private long nextLook = 1 << 16;
    private long characters;
    private int calls;
    private int depth;

    public void Step(long count = 1)
    {
        steps += count;
        if (steps > nextLook)
        {
            Look();
        }
    }

    /// <summary>Counts characters that are about to be written or held: the cost of a text is its length.</summary>
    public void Hold(long count)
    {
        characters += count;
        if (characters > mostCharacters)
        {
            throw TemplateFault.Limit($"the template makes more than {mostCharacters} characters of text: stopped");
        }

        Step(1 + (count / 8));
    }

    /// <summary>A list or a text of a size that a template computes is checked before it is made.</summary>
    public void HoldRepeated(long length, long times)
    {
        if (length > 0 && times > MostCharacters / length)
        {
            throw TemplateFault.Limit($"{length} repeated {times} times is beyond {MostCharacters}: stopped");
        }

        Hold(length * Math.Max(times, 0));
    }

    public void EnterCall()
    {
        if (++calls > DeepestCalls)
        {
            throw TemplateFault.Limit($"calls are nested more than {DeepestCalls} deep: stopped");
        }
    }

    public void LeaveCall() => calls--;

    public void EnterNode()
    {
        Step();
        if (++depth > DeepestEvaluation || !RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            throw TemplateFault.Limit($"the template is evaluated more than {DeepestEvaluation} levels deep: stopped");
        }
    }

    public void LeaveNode() => depth--;

    public static void CheckDepth(int depth)
    {
        if (depth > DeepestValue)
        {
            throw TemplateFault.Limit($"a value is nested more than {DeepestValue} deep: stopped");
        }
    }

    private void Look()
    {
        nextLook = steps + (1 << 16);
        if (steps > mostSteps)
        {
            throw TemplateFault.Limit($"the template takes more than {mostSteps} steps: stopped");
        }

        if (Stopwatch.GetElapsedTime(started).TotalSeconds > LongestSeconds)
        {
            throw TemplateFault.Limit($"the template takes more than {LongestSeconds} seconds: stopped");
        }
    }
}
