using Microsoft.Win32.SafeHandles;

namespace QStash.Emulator.Durability;

/// <summary>
/// The file beside a data file that records its progress. It is written after each commit, so it is never ahead of the commits. It exists
/// only while the data file is in use, or after a crash.
/// </summary>
sealed class ProgressMark(string dataPath) : IDisposable
{
    readonly string _path = PathOf(dataPath);
    readonly SafeFileHandle _file = File.OpenHandle(PathOf(dataPath), FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read);

    /// <summary>Reads the recorded progress; null when there is no such file.</summary>
    public static Progress? Read(string dataPath) =>
        File.Exists(PathOf(dataPath)) ? Progress.Of(File.ReadAllBytes(PathOf(dataPath))) : null;

    public void Write(Progress progress) => RandomAccess.Write(_file, progress.ToBytes(), fileOffset: 0);

    /// <summary>Everything is in the data file now.</summary>
    public void Delete()
    {
        Dispose();
        File.Delete(_path);
    }

    public void Dispose() => _file.Dispose();

    static string PathOf(string dataPath) => dataPath + "-mark";
}
