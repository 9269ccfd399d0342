/** Words of the empty page and of links that open it with something in it, in Simplified Chinese; see `zh.js`. */

/** @type {import('./t.js').Table} */
export const start = {
  'empty.label': '打开图像',
  'empty.lead': '将医学影像或显微图像拖到页面任意位置，即可看到分割结果。',
  'empty.formats':
    'DICOM（也可以是整个序列的文件夹）、NIfTI、NRRD、MetaImage、OME-Zarr（文件夹）、TIFF、PNG、JPEG 等。也可以粘贴图像。',
  'empty.pick': '选择文件',
  'empty.or': '或试用以下示例',
  'empty.privacy': '图像只留在这台计算机上。',
  'empty.check': '如何验证',

  'sample.origin': '由程序为 Insitu 绘制，采用相同许可证；并非真实标本',
  'sample.origin.fundus': '真实的正常眼底：Mikael Häggström 摄，CC0，无版权限制',
  'sample.origin.nuclei-cells': '真实的培养细胞，DNA 染色；发亮的是正在死亡的细胞：Luis Pedro Coelho，MIT 许可证',
  'sample.fundus': '视网膜，真实眼底',
  'sample.nuclei-cells': '细胞核，真实细胞',
  'sample.nuclei-fluorescence': '细胞核，荧光',
  'sample.nuclei-stained': '细胞核，染色组织',
  'sample.em-membranes': '细胞膜，电子显微镜',

  'arrived.of': '{done} / {total} MB',
  'device.arriving': '正在启动，{bytes}',
  'progress.engine': '正在启动引擎，{bytes}',
  'progress.model': '正在加载模型，{bytes}',

  'link.sample': '此链接要打开示例“{name}”，但本页面没有这个示例。可用的有：{known}。',
  'link.model': '此链接要使用模型“{name}”，但本页面没有这个模型。可用的有：{known}。',
  'link.panel': '此链接要打开面板“{name}”，但本页面没有这个面板。可用的有：{known}。',
  'link.noImage': '此链接要打开的内容需要一幅图像，而现在没有打开任何图像。请选择一个文件或一个示例。',
};
