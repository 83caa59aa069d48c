using System.Runtime.InteropServices;
using Goodhart.Engine.Torch.Library;

namespace Goodhart.Engine.Torch.Calls;

/// <summary>Calls of one device: typed functions, operators by name, and the tensors of the operation under way.</summary>
/// <remarks>Used by one thread at a time, which may be another one from operation to operation.</remarks>
internal sealed unsafe partial class Aten(TorchImports imports, OpenMp threading, int threads, int deviceIndex)
{
    /// <summary>What the calling thread was last set to.</summary>
    [ThreadStatic]
    private static int ThreadsOfThisThread;

    private readonly List<nint> scope = [];

    /// <inheritdoc cref="TorchOptions.Made"/>
    public Action<IReadOnlyList<nint>, bool>? Made { get; init; }

    public TorchImports Imports => imports;

    public bool IsHost => imports.DeviceType == imports.HostType;

    /// <summary>Begins an operation: every tensor that is made until the scope is left is freed with it.</summary>
    public Scope Open()
    {
        UseThreads(threads);
        return new Scope(this, scope.Count);
    }

    /// <summary>Has the calling thread's next calls computed by so many threads.</summary>
    public void UseThreads(int count)
    {
        if (ThreadsOfThisThread != count)
        {
            if (ThreadsOfThisThread == 0)
            {
                imports.SetGradMode(0);
            }

            threading.Use(count);
            ThreadsOfThisThread = count;
        }
    }

    /// <summary>Takes a tensor out of the scope: the caller frees it.</summary>
    public TorchTensor Keep(TorchTensor tensor)
    {
        scope.Remove(tensor.Handle);
        return tensor;
    }

    public void Delete(TorchTensor tensor) => imports.Delete(tensor.Handle);

    /// <summary>An operator by its name that gives back one tensor.</summary>
    public TorchTensor Call(ReadOnlySpan<byte> name, ReadOnlySpan<byte> overload, params ReadOnlySpan<Argument> arguments)
    {
        ulong* stack = stackalloc ulong[MostArguments];
        Dispatch(name, overload, arguments, stack);
        return Own((nint)stack[0]);
    }

    public (TorchTensor First, TorchTensor Second) CallTwo(ReadOnlySpan<byte> name, params ReadOnlySpan<Argument> arguments)
    {
        ulong* stack = stackalloc ulong[MostArguments];
        Dispatch(name, ""u8, arguments, stack);
        return (Own((nint)stack[0]), Own((nint)stack[1]));
    }

    public (TorchTensor First, TorchTensor Second, TorchTensor Third) CallThree(
        ReadOnlySpan<byte> name, params ReadOnlySpan<Argument> arguments)
    {
        ulong* stack = stackalloc ulong[MostArguments];
        Dispatch(name, ""u8, arguments, stack);
        return (Own((nint)stack[0]), Own((nint)stack[1]), Own((nint)stack[2]));
    }

    public TorchTensor[] CallMany(ReadOnlySpan<byte> name, int results, params ReadOnlySpan<Argument> arguments)
    {
        ulong* stack = stackalloc ulong[MostArguments];
        Dispatch(name, ""u8, arguments, stack);
        TorchTensor[] tensors = new TorchTensor[results];
        for (int i = 0; i < results; i++)
        {
            tensors[i] = Own((nint)stack[i]);
        }

        return tensors;
    }

    /// <summary>An operator by its name that gives back nothing.</summary>
    public void Do(ReadOnlySpan<byte> name, ReadOnlySpan<byte> overload, params ReadOnlySpan<Argument> arguments)
    {
        ulong* stack = stackalloc ulong[MostArguments];
        Dispatch(name, overload, arguments, stack);
    }

    public Argument List(params ReadOnlySpan<long> values)
    {
        nint list = NewList(values.Length);
        foreach (long value in values)
        {
            Check(imports.Push(list, (ulong)value), "list"u8);
        }

        return new Argument((ulong)list);
    }

    public Argument List(params ReadOnlySpan<TorchTensor> values)
    {
        nint list = NewList(values.Length);
        foreach (TorchTensor value in values)
        {
            Check(imports.Push(list, (ulong)Duplicate(value.Handle)), "list"u8);
        }

        return new Argument((ulong)list);
    }

    public Argument Text(ReadOnlySpan<byte> text)
    {
        nint handle;
        fixed (byte* p = text)
        {
            Check(imports.NewString(p, (nuint)text.Length, &handle), "string"u8);
        }

        return new Argument((ulong)handle);
    }

    private const int MostArguments = 24;

    private void Dispatch(ReadOnlySpan<byte> name, ReadOnlySpan<byte> overload, ReadOnlySpan<Argument> arguments, ulong* stack)
    {
        for (int i = 0; i < arguments.Length; i++)
        {
            stack[i] = arguments[i].IsTensor ? (ulong)Duplicate((nint)arguments[i].Bits) : arguments[i].Bits;
            if (arguments[i].IsOptional)
            {
                ulong* box = (ulong*)NativeMemory.Alloc(sizeof(ulong));   // the callee frees it
                *box = stack[i];
                stack[i] = (ulong)box;
            }
        }

        fixed (byte* n = name)
        fixed (byte* o = overload)
        {
            // Literals end with a zero that their length does not count; an empty one has no place of its own.
            byte none = 0;
            Check(imports.Dispatch(n, o is null ? &none : o, stack), name);
        }
    }

    private nint Duplicate(nint tensor)
    {
        nint copy;
        Check(imports.Duplicate(tensor, &copy), "handle"u8);
        return copy;
    }

    private nint NewList(int length)
    {
        nint list;
        Check(imports.NewList((nuint)length, &list), "list"u8);
        return list;
    }

    private TorchTensor Own(nint handle, bool isBorrowed = false)
    {
        scope.Add(handle);
        Made?.Invoke(scope, isBorrowed);
        return new TorchTensor(handle);
    }

    private void Free(int first)
    {
        for (int i = first; i < scope.Count; i++)
        {
            imports.Delete(scope[i]);
        }

        scope.RemoveRange(first, scope.Count - first);
    }

    private static void Check(int error, ReadOnlySpan<byte> operation)
    {
        if (error != 0)
        {
            throw new TorchException($"{System.Text.Encoding.UTF8.GetString(operation)}: libtorch refused: {NativeErrors.Take()}");
        }
    }

    /// <summary>An operation under way.</summary>
    public readonly ref struct Scope(Aten owner, int first)
    {
        public void Dispose() => owner.Free(first);
    }
}
