using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Goodhart.Engine.Torch.Library;

/// <summary>What libtorch says when it refuses: it writes that to C++'s standard error stream and gives its caller a number.</summary>
/// <remarks>
/// On Linux with GNU's C++ library that stream is led through here: refusals are kept for the thread whose call failed, all else goes on
/// to standard error. Elsewhere libtorch's words stay on standard error, and messages say so.
/// </remarks>
internal static unsafe partial class NativeErrors
{
    private const string Elsewhere = "its message is on standard error.";
    private const string Marker = "Exception in aoti_torch";
    private static bool Listening;

    [ThreadStatic]
    private static StringBuilder? Line;

    [ThreadStatic]
    private static StringBuilder? Refused;

    /// <summary>Once, before libtorch is loaded.</summary>
    public static void Listen()
    {
        if (Listening || !OperatingSystem.IsLinux() || !NativeLibrary.TryLoad("libstdc++.so.6", out nint library))
        {
            return;
        }

        Listening = NativeLibrary.TryGetExport(library, "_ZSt4cerr", out nint cerr)
            & NativeLibrary.TryGetExport(library, "_ZN9__gnu_cxx18stdio_sync_filebufIcSt11char_traitsIcEEC1EP8_IO_FILE", out nint construct)
            & NativeLibrary.TryGetExport(
                library, "_ZNSt9basic_iosIcSt11char_traitsIcEE5rdbufEPSt15basic_streambufIcS1_E", out nint replace);
        if (!Listening)
        {
            return;
        }

        // A stream buffer over a C file whose writes come back here. Both live as long as the process.
        nint file = Open(0, "w", new CookieFunctions { Write = &Write });
        void* buffer = NativeMemory.AllocZeroed(512);   // it takes about 80 bytes
        ((delegate* unmanaged<void*, nint, void>)construct)(buffer, file);

        // The stream's virtual base holds its buffer; how far on it lies stands three words before the table of virtual functions.
        nint ios = cerr + (*(nint**)cerr)[-3];
        ((delegate* unmanaged<nint, void*, void*>)replace)(ios, buffer);
    }

    /// <summary>What was said to this thread since it was last asked, without the trace of calls.</summary>
    public static string Take()
    {
        string text = Refused?.ToString() ?? "";
        Refused = null;
        int trace = text.IndexOf("\nException raised from", StringComparison.Ordinal);
        string[] words = (trace < 0 ? text : text[..trace]).Split(
            '\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return words.Length == 0 ? Elsewhere : string.Join(' ', words).Replace($"{Marker}: ", "", StringComparison.Ordinal);
    }

    private static void Add(string text)
    {
        Line ??= new StringBuilder();
        foreach (char character in text)
        {
            Line.Append(character);
            if (character == '\n')
            {
                Finish(Line.ToString());
                Line.Clear();
            }
        }
    }

    private static void Finish(string said)
    {
        if (Refused is null && !said.Contains(Marker, StringComparison.Ordinal))
        {
            Console.Error.Write(said);
            return;
        }

        int start = Refused is null ? said.IndexOf(Marker, StringComparison.Ordinal) : 0;
        (Refused ??= new StringBuilder()).Append(said, start, said.Length - start);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nint Write(nint cookie, byte* text, nint length)
    {
        Add(Encoding.UTF8.GetString(text, (int)length));
        return length;
    }

    [LibraryImport("libc", EntryPoint = "fopencookie", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint Open(nint cookie, string mode, CookieFunctions functions);

    /// <summary>cookie_io_functions_t, with the three that are not needed absent.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 32)]
    private struct CookieFunctions
    {
        [FieldOffset(8)]
        public delegate* unmanaged[Cdecl]<nint, byte*, nint, nint> Write;
    }
}
