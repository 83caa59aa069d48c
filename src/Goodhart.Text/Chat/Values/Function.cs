using Goodhart.Text.Chat.Safety;

namespace Goodhart.Text.Chat.Values;

/// <summary>A function of the closed list that templates may call.</summary>
internal sealed record Function(string Name, Func<Arguments, Budget, object> Body) : ICallable
{
    public object Call(Arguments arguments, Budget budget) => Body(arguments, budget);
}
