using Goodhart.Text.Chat.Safety;

namespace Goodhart.Text.Chat.Values;

/// <summary>A function, a method of a value or a macro.</summary>
internal interface ICallable
{
    string Name { get; }

    object Call(Arguments arguments, Budget budget);
}
