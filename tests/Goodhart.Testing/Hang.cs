using Xunit;

namespace Goodhart.Testing;

/// <summary>
/// A guard against work that as good as never ends, on inputs so large that a quadratic method would need many minutes where the right one
/// needs a second. It measures no speed: what that work does cannot be counted from outside (a regular expression's steps, a merger's).
/// </summary>
public static class Hang
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(3);

    public static T Guard<T>(Func<T> work)
    {
        // On a thread of its own, so that a hang fails the test instead of stopping it.
        Task<T> task = Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        using CancellationTokenSource guard = new(Longest);
        try
        {
            task.Wait(guard.Token);
        }
        catch (OperationCanceledException) when (guard.IsCancellationRequested)
        {
            Assert.Fail($"no end after {Longest}");
        }

        return task.Result;
    }
}
