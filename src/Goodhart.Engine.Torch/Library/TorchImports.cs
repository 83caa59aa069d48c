namespace Goodhart.Engine.Torch.Library;

/// <summary>Every function of libtorch's C interface that is called, found before the first call.</summary>
/// <remarks>Source: torch/csrc/inductor/aoti_torch/c/shim.h and generated/c_shim_cpu.h, c_shim_cuda.h of pytorch/pytorch.</remarks>
internal sealed unsafe class TorchImports
{
    /// <param name="device">As the names of typed functions have it: cpu or cuda.</param>
    /// <exception cref="TorchUnavailableException">One of them is missing, or the library is too old.</exception>
    public TorchImports(TorchExports exports, string device)
    {
        Version = TorchVersion.Unpack(((delegate* unmanaged<ulong>)exports["aoti_torch_abi_version"])());
        if (Version.IsBefore(TorchVersion.Least))
        {
            throw new TorchUnavailableException(
                $"libtorch in {exports.Files.Folder} ({exports.Files.Found}) is of PyTorch {Version}, and {TorchVersion.Least} or newer "
                + "is needed. Upgrade it, or name another with --libtorch DIR.");
        }

        DeviceType = ((delegate* unmanaged<int>)exports[$"aoti_torch_device_type_{device}"])();
        HostType = ((delegate* unmanaged<int>)exports["aoti_torch_device_type_cpu"])();
        (F32, F64, BF16) = (Type("float32"), Type("float64"), Type("bfloat16"));
        (I32, I64, U8) = (Type("int32"), Type("int64"), Type("uint8"));
        SetGradMode = (delegate* unmanaged<byte, void>)exports["aoti_torch_grad_mode_set_enabled"];
        Delete = (delegate* unmanaged<nint, int>)exports["aoti_torch_delete_tensor_object"];
        Absent = (delegate* unmanaged<nint*, int>)exports["aoti_torch_new_uninitialized_tensor"];
        Duplicate = (delegate* unmanaged<nint, nint*, int>)exports["aoti_torch_new_tensor_handle"];
        Empty = (delegate* unmanaged<long, long*, long*, int, int, int, nint*, int>)exports["aoti_torch_empty_strided"];
        EmptyPinned = (delegate* unmanaged<long, long*, long*, int, int, int, nint*, int>)exports["aoti_torch_empty_strided_pinned"];
        DataPointer = (delegate* unmanaged<nint, void**, int>)exports["aoti_torch_get_data_ptr"];
        TypeOf = (delegate* unmanaged<nint, int*, int>)exports["aoti_torch_get_dtype"];
        Size = (delegate* unmanaged<nint, long, long*, int>)exports["aoti_torch_get_size"];
        Stride = (delegate* unmanaged<nint, long, long*, int>)exports["aoti_torch_get_stride"];
        Dimensions = (delegate* unmanaged<nint, long*, int>)exports["aoti_torch_get_dim"];
        FromBlob = (delegate* unmanaged<void*, long, long*, long*, long, int, int, int, nint*, int, byte*, long, int>)
            exports["aoti_torch_create_tensor_from_blob_v2"];
        Copy = (delegate* unmanaged<nint, nint, int, int>)exports["aoti_torch_copy_"];
        Zero = (delegate* unmanaged<nint, int>)exports["aoti_torch_zero_"];
        Dispatch = (delegate* unmanaged<byte*, byte*, ulong*, int>)exports["aoti_torch_call_dispatcher"];
        NewString = (delegate* unmanaged<byte*, nuint, nint*, int>)exports["torch_new_string_handle"];
        NewList = (delegate* unmanaged<nuint, nint*, int>)exports["torch_new_list_reserve_size"];
        Push = (delegate* unmanaged<nint, ulong, int>)exports["torch_list_push_back"];
        IndexPut = (delegate* unmanaged<nint, nint, nint*, long, nint, int, int>)exports["aoti_torch_index_put_out"];
        Mm = (delegate* unmanaged<nint, nint, nint, int>)exports[$"aoti_torch_{device}_mm_out"];
        AddMm = (delegate* unmanaged<nint, nint, nint, nint, double, double, int>)exports[$"aoti_torch_{device}_addmm_out"];
        AddTensor = (delegate* unmanaged<nint, nint, double, nint*, int>)exports[$"aoti_torch_{device}_add_Tensor"];
        AddScalar = (delegate* unmanaged<nint, double, double, nint*, int>)exports[$"aoti_torch_{device}_add_Scalar"];
        MulScalar = (delegate* unmanaged<nint, double, nint*, int>)exports[$"aoti_torch_{device}_mul_Scalar"];
        Fill = (delegate* unmanaged<nint, double, int>)exports[$"aoti_torch_{device}_fill__Scalar"];

        // No part of libtorch's interface but of the MKL in it: builds without MKL, or with another's, have none.
        MixedProduct = device == "cpu" && IntPtr.Size == 8
            ? (delegate* unmanaged<int, int, int, int, int, int, float, void*, int, void*, int, float, float*, int, void>)
                exports.Find("cblas_gemm_bf16bf16f32")
            : null;

        int Type(string name) => ((delegate* unmanaged<int>)exports["aoti_torch_dtype_" + name])();
    }

    public TorchVersion Version { get; }

    public int DeviceType { get; }

    public int HostType { get; }

    public int F32 { get; }

    public int F64 { get; }

    public int BF16 { get; }

    public int I32 { get; }

    public int I64 { get; }

    public int U8 { get; }

    public delegate* unmanaged<byte, void> SetGradMode { get; }

    public delegate* unmanaged<nint, int> Delete { get; }

    /// <summary>A tensor that is none.</summary>
    public delegate* unmanaged<nint*, int> Absent { get; }

    public delegate* unmanaged<nint, nint*, int> Duplicate { get; }

    public delegate* unmanaged<long, long*, long*, int, int, int, nint*, int> Empty { get; }

    public delegate* unmanaged<long, long*, long*, int, int, int, nint*, int> EmptyPinned { get; }

    public delegate* unmanaged<nint, void**, int> DataPointer { get; }

    public delegate* unmanaged<nint, int*, int> TypeOf { get; }

    public delegate* unmanaged<nint, long, long*, int> Size { get; }

    public delegate* unmanaged<nint, long, long*, int> Stride { get; }

    public delegate* unmanaged<nint, long*, int> Dimensions { get; }

    public delegate* unmanaged<void*, long, long*, long*, long, int, int, int, nint*, int, byte*, long, int> FromBlob { get; }

    public delegate* unmanaged<nint, nint, int, int> Copy { get; }

    public delegate* unmanaged<nint, int> Zero { get; }

    public delegate* unmanaged<byte*, byte*, ulong*, int> Dispatch { get; }

    public delegate* unmanaged<byte*, nuint, nint*, int> NewString { get; }

    public delegate* unmanaged<nuint, nint*, int> NewList { get; }

    public delegate* unmanaged<nint, ulong, int> Push { get; }

    public delegate* unmanaged<nint, nint, nint*, long, nint, int, int> IndexPut { get; }

    public delegate* unmanaged<nint, nint, nint, int> Mm { get; }

    public delegate* unmanaged<nint, nint, nint, nint, double, double, int> AddMm { get; }

    public delegate* unmanaged<nint, nint, double, nint*, int> AddTensor { get; }

    public delegate* unmanaged<nint, double, double, nint*, int> AddScalar { get; }

    public delegate* unmanaged<nint, double, nint*, int> MulScalar { get; }

    public delegate* unmanaged<nint, double, int> Fill { get; }

    /// <summary>Layout, turns of both factors, m, n, k, alpha, A, lda, B, ldb, beta, C, ldc: bfloat16 factors, float32 sums; null: there is
    /// none.</summary>
    public delegate* unmanaged<int, int, int, int, int, int, float, void*, int, void*, int, float, float*, int, void> MixedProduct { get; }
}
