using Goodhart.Text.Chat.Safety;

namespace Goodhart.Text.Chat.Values;

/// <summary>What <c>range</c> gives.</summary>
internal sealed class RangeValue
{
    public RangeValue(long start, long stop, long step)
    {
        if (step == 0)
        {
            throw TemplateFault.Value($"range: the step must not be zero");
        }

        Int128 span = step > 0 ? (Int128)stop - start : (Int128)start - stop;
        Int128 length = span <= 0 ? 0 : ((span - 1) / Int128.Abs(step)) + 1;
        if (length > Budget.LongestRange)
        {
            throw TemplateFault.Limit($"a range of more than {Budget.LongestRange} numbers: stopped");
        }

        (Start, Stop, Step, Length) = (start, stop, step, (int)length);
    }

    public long Start { get; }

    public long Stop { get; }

    public long Step { get; }

    public int Length { get; }

    public object this[int index] => Start + (index * Step);

    public IEnumerable<object> Items => Enumerable.Range(0, Length).Select(index => this[index]);
}
